using System.Text.Json;
using Vorel.Core.Alerts;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

public sealed class RetentionSweepTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_record_goes_with_its_index_row_and_its_hint_once_its_window_is_over_and_nothing_else_does()
    {
        var stage = await RetentionStage.Start();
        await stage.MirroredLead();
        var before = Rest(stage);
        stage.World.Advance(RetentionStage.Window);

        // The hour in which the window ends is not past yet.
        Assert.Equal(0, (await stage.Sweep()).Purged);
        stage.World.Advance(s_hour);
        Assert.Equal(new SweepReport(2, 0, 0, More: false), await stage.Sweep());

        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Hints);
        Assert.Equal(before, Rest(stage));
        Assert.Equal(["retention.swept conversation_purged=1 lead_purged=1"], await stage.Audit());
    }

    [Fact]
    public async Task None_lives_an_hour_after_its_window_and_none_goes_before_when_the_sweep_comes_every_hour()
    {
        var stage = await RetentionStage.Start();
        var ends = new Dictionary<string, DateTimeOffset>();
        for (var number = 0; number < 30; number++)
        {
            stage.World.Advance(TimeSpan.FromMinutes(17));
            var record = await stage.Mirrored($"visitor-{number}");
            ends[record.RowKey] = stage.World.Domain.GetUtcNow() + RetentionStage.Window;
        }

        stage.World.Advance(RetentionStage.Window - TimeSpan.FromHours(9));
        for (var hour = 0; hour < 20; hour++)
        {
            var now = stage.World.Domain.GetUtcNow();
            stage.World.Advance(s_hour - TimeSpan.FromTicks(now.Ticks % s_hour.Ticks));
            now = stage.World.Domain.GetUtcNow();
            await stage.Sweep();
            var alive = stage.World.Keys("conversation|");
            Assert.All(alive, key => Assert.True(ends[key] > now - s_hour, "it lives too long"));
            Assert.All(ends.Where(end => end.Value > now), end => Assert.Contains(end.Key, alive));
        }

        Assert.Empty(stage.Rows);
    }

    [Fact]
    public async Task What_the_CRM_does_not_hold_in_its_current_version_stays_whatever_the_index_says()
    {
        var stage = await RetentionStage.Start();
        var never = await stage.World.Conversation("never");
        var changed = await stage.Mirrored("changed");
        await stage.World.Patch(changed, """{"customer_name":"Ada"}""");
        var now = stage.World.Domain.GetUtcNow();
        var forged = new PurgeHints(stage.World.Store);
        await forged.File(stage.World.Tenant, never.Kind, never.Id, now, default);
        await forged.File(stage.World.Tenant, changed.Kind, changed.Id, now, default);

        for (var day = 0; day < 400; day += 40)
        {
            stage.World.Advance(TimeSpan.FromDays(40));
            Assert.Equal(0, (await stage.Sweep()).Purged);
            Assert.Equal(4, stage.Rows.Count);
        }

        // Each is still remembered, and goes its way as soon as the CRM holds it.
        await stage.Mirror(never);
        await stage.Mirror(changed);
        stage.World.Advance(RetentionStage.Window - s_hour);
        Assert.Equal(0, (await stage.Sweep()).Purged);
        stage.World.Advance(s_hour + s_hour);
        Assert.Equal(2, (await stage.Sweep()).Purged);
        Assert.Empty(stage.Rows);
    }

    [Fact]
    public async Task A_record_that_was_changed_and_stamped_later_is_filed_anew_for_its_later_end()
    {
        var stage = await RetentionStage.Start();
        var record = await stage.Mirrored();
        stage.World.Advance(TimeSpan.FromDays(20));
        await stage.World.Patch(record, """{"customer_name":"Ada"}""");
        await stage.Mirror(record);
        stage.World.Advance(TimeSpan.FromDays(11));

        Assert.Equal(new SweepReport(0, 1, 0, More: false), await stage.Sweep());
        Assert.Equal([record.RowKey], stage.Hints.Select(hint => hint.Key));
        stage.World.Advance(TimeSpan.FromDays(19) + s_hour);
        Assert.Equal(1, (await stage.Sweep()).Purged);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task A_change_between_look_and_delete_keeps_the_record_and_the_others_of_its_batch_go()
    {
        var stage = await RetentionStage.Start();
        var records = new List<RecordRow>();
        for (var number = 0; number < 5; number++)
        {
            records.Add(await stage.Mirrored($"visitor-{number}"));
        }

        stage.World.Advance(RetentionStage.Window + s_hour);
        var racing = records[2];
        // By a process whose clock is behind, for which the window is not over.
        var behind = new World(stage.World.Store.Inner);
        using var change = JsonDocument.Parse("""{"customer_name":"Ada"}""");
        Meanwhile(stage, () => behind.Records.Patch(stage.World.Tenant, racing.Kind, racing.Id.ToString("D"), change.RootElement, null, default));

        Assert.Equal(new SweepReport(4, 1, 0, More: false), await stage.Sweep());
        Assert.Equal([racing.RowKey], stage.World.Keys("conversation|"));
        Assert.Single(stage.World.Keys("ix|"));
        Assert.Single(stage.World.Keys("todo|"));
        Assert.Equal([racing.RowKey], stage.Hints.Select(hint => hint.Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_row_that_points_to_a_successor_stays_whenever_the_successor_comes(bool betweenLookAndDelete)
    {
        var stage = await RetentionStage.Start();
        await stage.Mirrored("returning");
        await stage.Mirrored("other");
        stage.World.Advance(RetentionStage.Window + s_hour);
        RecordRow? next = null;
        if (betweenLookAndDelete)
        {
            Meanwhile(stage, async () => next = await stage.World.Conversation("returning"));
        }
        else
        {
            next = await stage.World.Conversation("returning");
        }

        await stage.Sweep();

        Assert.Equal([next!.RowKey], stage.World.Keys("conversation|"));
        Assert.Single(stage.World.Keys("ix|"));
        await Assert.ThrowsAsync<ConflictException>(() => stage.World.Conversation("returning"));
        Assert.Equal(["retention.swept conversation_gone=1 conversation_purged=1"], await stage.Audit());
    }

    [Fact]
    public async Task A_customer_who_comes_back_while_the_sweep_deletes_is_no_duplicate()
    {
        var stage = await RetentionStage.Start();
        await stage.Mirrored("returning");
        stage.World.Advance(RetentionStage.Window + s_hour);
        var swept = false;
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (table == RecordRow.Table && !swept && writes.Any(write => write is RowWrite.Delete { ETag: not "*" } && write.Key.StartsWith("conversation|", StringComparison.Ordinal)))
            {
                // It is about to take the place of the old one.
                swept = true;
                await stage.Sweep();
            }
        };

        var next = await stage.World.Conversation("returning");

        Assert.True(swept);
        Assert.Equal([next.RowKey], stage.World.Keys("conversation|"));
        Assert.Single(stage.World.Keys("ix|"));
    }

    [Fact]
    public async Task An_index_row_that_is_missing_holds_nothing_up()
    {
        var stage = await RetentionStage.Start();
        await stage.Mirrored("one");
        await stage.Mirrored("two");
        await stage.World.Store.Commit(RecordRow.Table, Partition.Of(stage.World.Tenant), new RowWrite.Delete(stage.World.Keys("ix|")[0], "*"), default);
        stage.World.Advance(RetentionStage.Window + s_hour);

        Assert.Equal(2, (await stage.Sweep()).Purged);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task Records_far_apart_and_more_than_a_batch_all_go_and_those_between_stay()
    {
        var stage = await RetentionStage.Start();
        for (var number = 0; number < 130; number++)
        {
            await stage.Mirrored($"due-{number}");
            await stage.World.Conversation($"waiting-{number}");
        }

        stage.World.Advance(RetentionStage.Window + s_hour);
        Assert.Equal(130, (await stage.Sweep()).Purged);
        Assert.Equal(130, stage.World.Keys("conversation|").Count);
        Assert.Equal(130, stage.World.Keys("ix|").Count);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task One_tenants_trouble_is_not_the_others()
    {
        var stage = await RetentionStage.Start();
        await stage.MirroredByTenants(8);
        var calls = 0;
        stage.World.Store.BeforeCommit = (table, _, _) => table == RecordRow.Table && ++calls == 4 ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        stage.World.Advance(RetentionStage.Window + s_hour);

        Assert.Equal(new SweepReport(7, 0, 1, More: false), await stage.Sweep());
        Assert.Equal(AlertCode.HintFailed, Assert.Single(stage.World.Alerts.Raised).Code);
        stage.World.Store.BeforeCommit = null;
        stage.World.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await stage.Sweep()).Purged);
        Assert.Empty(stage.Rows);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_stays_and_the_others_go()
    {
        var stage = await RetentionStage.Start();
        var broken = await stage.Mirrored("broken");
        await stage.Mirrored("sound");
        await stage.World.Store.Commit(
            RecordRow.Table, Partition.Of(stage.World.Tenant), new RowWrite.Replace(broken.RowKey, "*", new Dictionary<string, object> { ["vorel_version"] = "one" }), default);
        stage.World.Advance(RetentionStage.Window + s_hour);

        Assert.Equal(new SweepReport(1, 0, 1, More: false), await stage.Sweep());
        Assert.Equal([broken.RowKey], stage.World.Keys("conversation|"));
        Assert.Equal([broken.RowKey], stage.Hints.Select(hint => hint.Key));
    }

    [Fact]
    public async Task A_hint_of_a_kind_that_this_version_does_not_know_is_put_off_and_reported()
    {
        var stage = await RetentionStage.Start();
        var hour = PurgeHour.PartitionOf(stage.World.Tenant, stage.World.Domain.GetUtcNow());
        await stage.World.Store.Commit(PurgeIndexRow.Table, hour, TypedRows.Insert(new PurgeIndexRow(stage.World.Tenant, "invoice", "invoice|1")), default);
        stage.World.Advance(s_hour);

        await stage.Sweep();

        var alert = Assert.Single(stage.World.Alerts.Raised);
        Assert.Equal((AlertCode.UnknownWork, "invoice"), (alert.Code, alert.Subject));
        Assert.Equal("invoice|1", Assert.Single(stage.Hints).Key);
    }

    /// <summary>Everything but customers' rows, what keeps them unique and what points to them.</summary>
    private static IReadOnlyList<string> Rest(RetentionStage stage) =>
        [.. stage.World.Store.Inner.Dump().Where(entry => entry.Table is not ("PurgeIndex" or "AuditLog")).Select(entry => entry.Row.Key).Except(stage.Rows)];

    /// <summary>Lets something happen once between the sweep's look at the records and its first delete.</summary>
    private static void Meanwhile(RetentionStage stage, Func<Task> work)
    {
        var done = false;
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (!done && table == RecordRow.Table && writes.All(write => write is RowWrite.Delete))
            {
                done = true;
                await work();
            }
        };
    }
}
