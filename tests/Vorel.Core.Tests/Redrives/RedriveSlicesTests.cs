using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Incidents;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Redrives;

public sealed class RedriveSlicesTests
{
    private readonly RedriveStage _stage = new();

    private World World => _stage.World;

    [Fact]
    public async Task Of_a_tenant_what_was_tried_or_looked_at_is_made_afresh_and_what_is_fresh_is_only_looked_at()
    {
        var failed = (await _stage.Owe(1))[0];
        var waiting = (await _stage.Owe(1, row => row with { Attempts = 3, Error = "provider_error", NotBefore = row.Since.AddHours(1), Until = 7 }))[0];
        var seen = (await _stage.Owe(1, row => row with { CheckedAt = row.Since }))[0];
        var fresh = (await _stage.Owe(1, row => row))[0];
        var redrive = await _stage.Start();
        World.Advance(TimeSpan.FromSeconds(1));
        var newer = (await _stage.Owe(1))[0];

        await _stage.Slice();
        Assert.Equal(failed.Afresh() with { Redrive = redrive.Id }, await _stage.Row(failed));
        Assert.Equal(waiting.Afresh() with { Redrive = redrive.Id }, await _stage.Row(waiting));
        Assert.Equal(seen.Afresh() with { Redrive = redrive.Id }, await _stage.Row(seen));
        Assert.Equal((fresh, newer), (await _stage.Row(fresh), await _stage.Row(newer)));
        Assert.Equal(
            new[] { failed, waiting, seen, fresh }.Select(row => row.Record).Order(),
            _stage.Checks.Select(entry => entry.Check.Record).Order());
        var progress = await _stage.Progress(redrive);
        Assert.Equal((4L, 4L, RedriveState.Finished), (progress.Redrive.Total, progress.Redrive.Redriven, progress.Redrive.State));
        Assert.Equal(new OwedCount(4, More: false), progress.Owed);
    }

    [Fact]
    public async Task Of_one_record_nothing_else_is_touched()
    {
        var stage = await RedriveStage.Connected();
        var (one, other) = (await stage.Refused("1"), await stage.Refused("2"));
        await stage.Start(new RedriveScope.Record(one.Kind, one.Id));
        await stage.Slice();
        Assert.Equal([one.Id], stage.Checks.Select(entry => entry.Check.Record));
        Assert.Equal([other.Id], (await stage.Rows()).Where(row => row.FailedAt is not null).Select(row => row.Record));
    }

    [Theory]
    [InlineData(IncidentType.CrmObjectUnsupported, "unsupported")]
    [InlineData(IncidentType.CredentialRefreshFailed, "refresh_failed")]
    [InlineData(IncidentType.CrmSyncFailure, "validation_error")]
    public async Task Of_an_incident_the_rows_are_taken_up_whose_failure_belongs_to_it(IncidentType type, string error)
    {
        foreach (var other in (string[])["unsupported", "refresh_failed", "validation_error"])
        {
            await _stage.Owe(2, row => RedriveStage.Failed(row) with { Error = other });
        }

        var redrive = await _stage.Start(new RedriveScope.Incident(type));
        Assert.Equal(2, redrive.Total);
        await _stage.Slice();
        Assert.DoesNotContain(await _stage.Rows(), row => row.Error == error);
        Assert.Equal(4, (await _stage.Rows()).Count(row => row.FailedAt is not null));
        Assert.Equal(2, _stage.Checks.Count);
        Assert.Equal(new OwedCount(2, More: false), (await _stage.Progress(redrive)).Owed);
    }

    [Fact]
    public async Task A_slice_that_dies_behind_a_row_it_made_afresh_still_finds_it_in_its_incident()
    {
        var row = (await _stage.Owe(1, row => RedriveStage.Failed(row) with { Error = "unsupported" }))[0];
        await _stage.Start(new RedriveScope.Incident(IncidentType.CrmObjectUnsupported));
        World.Store.AfterCommit = (_, _) => throw new KilledException();
        await Assert.ThrowsAsync<KilledException>(() => _stage.Slice());
        World.Store.AfterCommit = null;
        Assert.Null((await _stage.Row(row)).Error);

        await _stage.Slice();
        Assert.Equal(row.Record, Assert.Single(_stage.Checks).Check.Record);
    }

    [Fact]
    public async Task An_incident_whose_rows_lie_far_apart_is_looked_through_a_thousand_rows_a_slice()
    {
        await _stage.Owe(2_400, row => row);
        var scattered = await _stage.Owe(1, row => RedriveStage.Failed(row) with { Error = "unsupported" });
        var redrive = await _stage.Start(new RedriveScope.Incident(IncidentType.CrmObjectUnsupported));
        Assert.Equal(1, redrive.Total);
        Assert.Equal(3, await Slices());
        Assert.Equal([scattered[0].Record], _stage.Checks.Select(entry => entry.Check.Record));
        Assert.Equal((1L, RedriveState.Finished), ((await _stage.Progress(redrive)).Redrive.Redriven, (await _stage.Progress(redrive)).Redrive.State));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(50)]
    public async Task Never_more_rows_than_the_rate_become_visible_within_a_second(int rate)
    {
        var rows = await _stage.Owe(230);
        await _stage.Start(rate: rate);
        var began = World.Real.GetUtcNow();
        var shown = new List<double>();
        while (World.Queue.Inner.Messages(WorkQueues.Commands) is [var next])
        {
            World.Advance(TimeSpan.FromTicks(Math.Max(0, (next.VisibleAt - World.Real.GetUtcNow()).Ticks)));
            World.Queue.Inner.TakeNext(WorkQueues.Commands, TimeSpan.FromSeconds(30));
            await _stage.Slice(next.Body);
            await World.Queue.Inner.Remove(WorkQueues.Commands, World.Queue.Inner.Messages(WorkQueues.Commands).Single(message => message.Body == next.Body).Receipt, default);
            foreach (var message in World.Queue.Inner.Messages(WorkQueues.Bulk))
            {
                shown.Add((message.VisibleAt - began).TotalSeconds);
                await World.Queue.Inner.Remove(WorkQueues.Bulk, message.Receipt, default);
            }
        }

        Assert.Equal(rows.Count, shown.Count);
        Assert.All(shown, moment => Assert.InRange(shown.Count(other => other >= moment && other < moment + 1), 1, rate));

        // Nor much fewer: a slice's last second may have room.
        Assert.InRange(shown.Max(), (230 / rate) - 1, (230 / rate) + 3);
    }

    [Fact]
    public async Task A_large_tenant_goes_slice_by_slice_a_hundred_rows_each_and_says_how_far_it_is()
    {
        var rows = await _stage.Owe(2_500);
        var redrive = await _stage.Start(rate: 50);
        var largest = 0;
        var changed = 0;
        World.Store.AfterCommit = (table, _) =>
        {
            changed += table == TodoRow.Table ? 1 : 0;
            return Task.CompletedTask;
        };
        for (var slice = 1; slice <= 25; slice++)
        {
            changed = 0;
            await Next();
            largest = Math.Max(largest, changed);
            var progress = (await _stage.Progress(redrive)).Redrive;
            Assert.Equal((slice * 100L, 2_500L, slice == 25), (progress.Redriven, progress.Total, progress.State == RedriveState.Finished));
        }

        Assert.Equal(100, largest);
        Assert.Empty(_stage.Commands);
        Assert.Equal(rows.Select(row => row.Record), _stage.Checks.Select(entry => entry.Check.Record).Order());
    }

    [Fact]
    public async Task The_versions_of_a_record_get_one_check_behind_the_last_of_them()
    {
        var conversation = await World.Conversation();
        for (var version = 2; version <= 5; version++)
        {
            await World.Patch(conversation, $$"""{"customer_name":"{{version}}"}""");
        }

        await _stage.Start();
        var failed = 0;
        World.Queue.AfterPut = () => failed = World.Store.Inner.Dump().Count(entry => entry.Row.Columns.ContainsKey("failed_at"));
        await _stage.Slice();
        Assert.Equal((conversation.Id, 0), (Assert.Single(_stage.Checks).Check.Record, failed));
    }

    [Fact]
    public async Task A_record_with_more_versions_than_a_slice_takes_is_looked_at_behind_its_last_one()
    {
        var id = World.Ids.Next();
        var version = 0;
        await _stage.Owe(150, row => RedriveStage.Failed(new TodoRow("lead", id, ++version, row.Since)));
        await _stage.Start();
        await Slices();
        Assert.Equal(2, _stage.Checks.Count);
        Assert.DoesNotContain(await _stage.Rows(), row => row.FailedAt is not null);
    }

    [Fact]
    public async Task A_message_that_comes_again_when_the_redrive_has_gone_on_does_nothing()
    {
        await _stage.Owe(150);
        var redrive = await _stage.Start();
        var message = _stage.Commands[0];
        await Next();
        var before = (_stage.Checks.Count, string.Join('\n', _stage.Commands));
        await _stage.Slice(message);
        Assert.Equal(before, (_stage.Checks.Count, string.Join('\n', _stage.Commands)));
        Assert.Equal(100, (await _stage.Progress(redrive)).Redrive.Redriven);
    }

    [Fact]
    public async Task Of_two_slices_at_once_one_goes_on_and_no_row_is_skipped()
    {
        var rows = await _stage.Owe(150);
        var redrive = await _stage.Start();
        var message = _stage.Commands[0];
        World.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == RedriveRow.Table)
            {
                // The one is about to say how far it has come when the other, on another process, does all of the same.
                World.Store.BeforeCommit = null;
                await _stage.Slice(message);
            }
        };
        await Next();
        Assert.Single(_stage.Commands);
        Assert.Equal(100, (await _stage.Progress(redrive)).Redrive.Redriven);
        await Next();
        Assert.Equal(rows.Select(row => row.Record), _stage.Checks.Select(entry => entry.Check.Record).Distinct().Order());
        Assert.Equal((150L, RedriveState.Finished), ((await _stage.Progress(redrive)).Redrive.Redriven, (await _stage.Progress(redrive)).Redrive.State));
    }

    [Fact]
    public async Task A_tick_that_finds_a_redrive_late_makes_no_second_one_of_it()
    {
        await _stage.Owe(250);
        var redrive = await _stage.Start(rate: 1);
        await Next();
        World.Domain.Advance(TimeSpan.FromMinutes(6));
        await World.Tick.Run(World.Domain.GetUtcNow(), default);
        Assert.Equal(2, _stage.Commands.Count);

        await Next();
        await Next();
        Assert.Single(_stage.Commands);
        Assert.Equal(200, (await _stage.Progress(redrive)).Redrive.Redriven);
    }

    [Fact]
    public async Task A_tenant_never_redrives_another_ones_rows()
    {
        var stranger = TenantId.New(TimeProvider.System);
        var others = await _stage.Owe(3, tenant: stranger);
        await _stage.Owe(2);
        await _stage.Start();
        await _stage.Slice();
        Assert.All(_stage.Checks, entry => Assert.Equal(_stage.Tenant, entry.Check.Tenant));
        Assert.Equal(2, _stage.Checks.Count);
        foreach (var other in others)
        {
            Assert.Equal(other, (await World.Store.Get<TodoRow>(Partition.Of(stranger), other.RowKey, default))!.Row);
        }
    }

    private async Task<int> Slices()
    {
        var count = 0;
        for (; _stage.Commands.Count > 0; count++)
        {
            await Next();
        }

        return count;
    }

    /// <summary>Handles the message that shows first, whatever the time.</summary>
    private async Task Next()
    {
        var next = World.Queue.Inner.Messages(WorkQueues.Commands)[0];
        await World.Queue.Inner.Remove(WorkQueues.Commands, next.Receipt, default);
        await _stage.Slice(next.Body);
    }
}
