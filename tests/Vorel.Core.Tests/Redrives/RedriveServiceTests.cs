using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Due;
using Vorel.Core.Errors;
using Vorel.Core.Incidents;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Redrives;

public sealed class RedriveServiceTests
{
    private readonly RedriveStage _stage = new();

    private World World => _stage.World;

    [Fact]
    public async Task Where_nothing_is_owed_it_is_finished_at_once()
    {
        var redrive = await _stage.Start();
        Assert.Equal((0L, 0L, RedriveState.Finished, World.Domain.GetUtcNow()), (redrive.Total, redrive.Redriven, redrive.State, redrive.FinishedAt));
        Assert.Empty(_stage.Commands);
        Assert.Empty(await Hints());
        Assert.Equal(redrive, (await _stage.Progress(redrive)).Redrive);
    }

    [Fact]
    public async Task It_is_started_by_a_message_and_says_how_much_there_is_to_do()
    {
        await _stage.Owe(3);
        var redrive = await _stage.Start();
        Assert.Equal((3L, 0L, RedriveState.Running, 10), (redrive.Total, redrive.Redriven, redrive.State, redrive.Rate));
        Assert.Equal($$"""{"v":1,"kind":"redrive","tenant":"{{_stage.Tenant}}","id":"{{redrive.Id:D}}"}""", Assert.Single(_stage.Commands));
        Assert.Equal(new OwedCount(3, More: false), (await _stage.Progress(redrive)).Owed);
    }

    [Fact]
    public async Task A_second_one_of_the_same_scope_is_the_one_that_runs_and_another_scope_has_its_own()
    {
        await _stage.Owe(3);
        var first = await _stage.Start();
        Assert.Equal(first, await _stage.Start(rate: 5));
        var incident = await _stage.Start(new RedriveScope.Incident(IncidentType.CrmSyncFailure));
        Assert.NotEqual(first.Id, incident.Id);
        Assert.Equal(2, _stage.Commands.Count);

        await World.FinishRedrives();
        await _stage.Owe(1);
        Assert.NotEqual(first.Id, (await _stage.Start()).Id);
    }

    [Fact]
    public async Task Of_two_that_start_at_once_both_callers_are_given_the_same()
    {
        await _stage.Owe(3);
        Redrive? faster = null;
        World.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == "Redrives")
            {
                World.Store.BeforeCommit = null;
                faster = await _stage.Start();
            }
        };
        var slower = await _stage.Start();
        Assert.Equal(faster, slower);
        Assert.Single(_stage.Commands);
        Assert.Single((await World.Redrives.List(_stage.Tenant, 10, null, default)).Redrives);
    }

    [Fact]
    public async Task A_record_that_is_not_there_or_is_another_tenants_is_not_found()
    {
        var conversation = await World.Conversation();
        await Assert.ThrowsAsync<NotFoundException>(() => _stage.Start(new RedriveScope.Record(RecordKinds.Lead, conversation.Id)));
        var stranger = TenantId.New(TimeProvider.System);
        var scope = new RedriveScope.Record(RecordKinds.Conversation, conversation.Id);
        await Assert.ThrowsAsync<NotFoundException>(() => World.Redrives.Start(stranger, scope, null, AuditActor.System, default));
        Assert.Equal(1, (await _stage.Start(scope)).Total);
    }

    [Fact]
    public async Task Messages_are_named_by_their_conversation()
    {
        var conversation = await World.Conversation();
        await World.Say(conversation, "one");
        await World.Say(conversation, "two");
        Assert.Equal(2, (await _stage.Start(new RedriveScope.Record(RecordKinds.Message, conversation.Id))).Total);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(51)]
    public async Task A_rate_is_from_1_to_50(int rate)
    {
        var refused = await Assert.ThrowsAsync<ValidationException>(() => _stage.Start(rate: rate));
        Assert.Equal("/rate", Assert.Single(refused.Errors).Pointer);
        Assert.Empty(World.Store.Inner.Dump());
    }

    [Fact]
    public async Task What_is_still_owed_is_counted_up_to_a_thousand()
    {
        await _stage.Owe(1_000);
        var redrive = await _stage.Start();
        Assert.Equal(new OwedCount(1_000, More: false), (await _stage.Progress(redrive)).Owed);
        World.Advance(TimeSpan.FromSeconds(1));
        await _stage.Owe(1);
        Assert.Equal(new OwedCount(1_000, More: true), (await _stage.Progress(redrive)).Owed);
    }

    [Fact]
    public async Task Each_one_that_is_started_leaves_an_audit_row_of_ids_and_counts()
    {
        await _stage.Owe(3);
        var redrive = await _stage.Start(rate: 7);
        await _stage.Start();
        var row = Assert.Single(World.Store.Inner.Dump(), entry => entry.Table == AuditRow.Table).Row;
        var audit = AuditRow.FromColumns(row.Key, new Columns(row.Columns));
        Assert.Equal(("redrive.started", redrive.Id, 3L, 7L), (audit.Action, audit.Subject, audit.Counts["total"], audit.Counts["rate"]));
    }

    [Fact]
    public async Task Lists_newest_first_page_by_page_and_only_the_tenants_own()
    {
        var made = new List<Redrive>();
        for (var number = 0; number < 5; number++)
        {
            made.Insert(0, await _stage.Start());
        }

        await World.Redrives.Start(TenantId.New(TimeProvider.System), RedriveStage.All, null, AuditActor.System, default);
        await _stage.Owe(1);
        made.Insert(0, await _stage.Start());

        var first = await World.Redrives.List(_stage.Tenant, 4, null, default);
        var second = await World.Redrives.List(_stage.Tenant, 4, first.NextCursor, default);
        Assert.Equal(made, [.. first.Redrives, .. second.Redrives]);
        Assert.Null(second.NextCursor);
        await Assert.ThrowsAsync<ValidationException>(() => World.Redrives.List(_stage.Tenant, 4, World.Ids.Next().ToString("D"), default));
        await Assert.ThrowsAsync<ValidationException>(() => World.Redrives.List(_stage.Tenant, 101, null, default));
    }

    [Fact]
    public async Task Every_scope_reads_back_as_it_was_stored()
    {
        var lead = World.Ids.Next();
        RedriveScope[] scopes =
        [
            RedriveStage.All, new RedriveScope.Record(RecordKinds.Lead, lead), .. RedriveScope.IncidentTypes.Select(type => new RedriveScope.Incident(type)),
        ];
        Assert.All(scopes, scope => Assert.Equal(scope, RedriveScope.Parse(scope.ToText())));
        Assert.Throws<InvalidDataException>(() => RedriveScope.Parse("record:offering:" + lead.ToString("D")));
        Assert.Throws<InvalidDataException>(() => RedriveScope.Parse("incident:webhook_dead_letter"));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_lost_message_is_put_again_by_the_tick_after_five_minutes()
    {
        await _stage.Owe(3);
        World.Queue.PutFails = true;
        var redrive = await _stage.Start();
        World.Queue.PutFails = false;
        Assert.Empty(_stage.Commands);

        await Tick(TimeSpan.FromMinutes(4));
        Assert.Empty(_stage.Commands);
        await Tick(TimeSpan.FromMinutes(1));
        await World.FinishRedrives();
        Assert.Equal(RedriveState.Finished, (await _stage.Progress(redrive)).Redrive.State);
        await Tick(TimeSpan.FromMinutes(5));
        Assert.Empty(await Hints());
        Assert.Empty(_stage.Commands);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_leave_it_where_it_is()
    {
        await _stage.Owe(3);
        World.Queue.PutFails = true;
        await _stage.Start();
        World.Queue.PutFails = false;
        await World.Tick.Run(World.Domain.GetUtcNow().AddMinutes(6), default);
        World.Domain.SetBack(TimeSpan.FromDays(1));
        await World.Redrives.Revive(_stage.Tenant, (await World.Redrives.List(_stage.Tenant, 1, null, default)).Redrives[0].Id, null, default);
        Assert.Single(_stage.Commands);
    }

    [Fact]
    public async Task It_is_deleted_thirty_days_after_its_end()
    {
        await _stage.Owe(1);
        var (atOnce, later) = (await World.Redrives.Start(TenantId.New(TimeProvider.System), RedriveStage.All, null, AuditActor.System, default), await _stage.Start());
        await World.FinishRedrives();
        World.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(2));
        await World.Sweep.Run(default);
        Assert.Equal(2, World.Keys(RedriveRow.Prefix).Count);
        World.Advance(TimeSpan.FromHours(4));
        await World.Sweep.Run(default);
        Assert.Empty(World.Keys(RedriveRow.Prefix));
        await Assert.ThrowsAsync<NotFoundException>(() => _stage.Progress(later));
        Assert.NotEqual(atOnce.Id, later.Id);
    }

    private async Task Tick(TimeSpan after)
    {
        World.Advance(after);
        await World.Tick.Run(World.Domain.GetUtcNow(), default);
    }

    [Fact]
    public async Task One_whose_commit_lands_after_the_clock_jumped_over_its_hint_is_found_all_the_same()
    {
        await _stage.Owe(1);
        IReadOnlyList<RowWrite>? late = null;
        World.Store.BeforeCommit = (table, writes, _) =>
        {
            late = table == RedriveRow.Table ? writes : late;
            return table == RedriveRow.Table ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _stage.Start());
        World.Store.BeforeCommit = null;
        World.Domain.Advance(TimeSpan.FromDays(28));
        await World.Tick.Run(World.Domain.GetUtcNow(), default);
        await World.Store.Commit(RedriveRow.Table, Partition.Of(_stage.Tenant), late!, default);

        World.Advance(TimeSpan.FromMinutes(6));
        await World.Tick.Run(World.Domain.GetUtcNow(), default);
        Assert.Single(_stage.Commands);
    }

    [Fact]
    public async Task One_that_never_comes_to_be_is_not_looked_for_for_ever()
    {
        await _stage.Owe(1);
        World.Store.BeforeCommit = (table, _, _) => table == RedriveRow.Table ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _stage.Start());
        World.Store.BeforeCommit = null;
        Assert.Single(await Hints());
        for (var minutes = 0; minutes < 20; minutes += 6)
        {
            World.Advance(TimeSpan.FromMinutes(6));
            await World.Tick.Run(World.Domain.GetUtcNow(), default);
        }

        Assert.Empty(await Hints());
    }

    private async Task<IReadOnlyList<(Partition Partition, Row Row)>> Hints() =>
        [.. (await World.Store.ReadHints(HintTable.Due, RowRange.All, 10, default)).Where(hint => !hint.Row.Key.EndsWith("|audit|seal", StringComparison.Ordinal))];
}
