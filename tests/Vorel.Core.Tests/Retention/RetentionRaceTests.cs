using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

/// <summary>Sweeps beside sweeps, and clocks that jump under them.</summary>
[Trait("Area", "crash")]
public sealed class RetentionRaceTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public Task Two_sweeps_at_once_do_what_one_does() =>
        // A second sweep runs whole before each call of the first in turn.
        Platform.AtEachCall(15, 60, Race);

    [Fact]
    public async Task What_a_slice_leaves_goes_on_by_a_message_until_nothing_is_left()
    {
        var stage = await RetentionStage.Start();
        await stage.MirroredByTenants(5);
        stage.World.Advance(RetentionStage.Window + s_hour);
        stage.World.Store.BeforeCommit = (table, _, _) =>
        {
            // Each delete takes longer than a slice may.
            stage.World.Real.Advance(table == RecordRow.Table ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        var reports = new List<SweepReport> { await stage.World.Bulk.Sweep(default) };
        while (stage.World.Queue.Inner.TakeNext(WorkQueues.Bulk, TimeSpan.FromDays(1)) is { } message)
        {
            Assert.Equal(new WorkMessage.Sweep(), WorkMessage.Parse(message.Body));
            reports.Add((await stage.World.Bulk.Handle(message.Body, default))!);
            await stage.World.Queue.Inner.Remove(WorkQueues.Bulk, message.Receipt, default);
        }

        Assert.Equal(5, reports.Sum(report => report.Purged));
        Assert.All(reports, report => Assert.InRange(report.Purged, 0, 1));
        Assert.All(reports[..^1], report => Assert.True(report.More));
        Assert.False(reports[^1].More);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task A_clock_that_jumps_a_year_between_hint_and_stamp_leaves_no_record_that_nobody_remembers()
    {
        var stage = await RetentionStage.Start();
        var record = await stage.World.Conversation();
        var jumped = false;
        stage.World.Store.AfterCommit = async (table, _) =>
        {
            if (table == PurgeIndexRow.Table && !jumped)
            {
                jumped = true;
                stage.World.Advance(TimeSpan.FromDays(365));
                await stage.Sweep();
            }
        };
        await stage.Mirror(record);
        Assert.True(jumped);
        Assert.NotEmpty(stage.Rows);

        await EachHourForADay(stage);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task A_hint_that_lands_behind_the_mark_is_found_within_a_day()
    {
        var stage = await RetentionStage.Start();
        var record = await stage.World.Conversation();
        stage.World.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == PurgeIndexRow.Table)
            {
                // The hint is under way with a time of long ago when the sweep has read everything up to now.
                stage.World.Store.BeforeCommit = null;
                stage.World.Advance(TimeSpan.FromDays(365));
                await stage.Sweep();
            }
        };
        await stage.Mirror(record);

        await EachHourForADay(stage);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Hints);
    }

    [Fact]
    public async Task A_mark_of_a_clock_that_ran_ahead_is_not_believed()
    {
        var stage = await RetentionStage.Start();
        await stage.Mirrored();
        await new PurgeHints(stage.World.Store).WriteMarks(PurgeHour.Shards, stage.World.Domain.GetUtcNow().AddYears(1), default);
        stage.World.Advance(RetentionStage.Window + s_hour);

        Assert.Equal(1, (await stage.Sweep()).Purged);
    }

    [Fact]
    public async Task Hours_that_were_read_to_their_end_are_not_asked_for_again_that_day()
    {
        var stage = await RetentionStage.Start();
        await stage.Mirrored();
        await stage.Sweep();
        var marks = await new PurgeHints(stage.World.Store).ReadMarks(stage.World.Domain.GetUtcNow(), default);
        Assert.Equal(PurgeHour.Shards.ToDictionary(shard => shard, _ => PurgeHour.Of(stage.World.Domain.GetUtcNow())), marks);

        // In the same hour there is nothing to write down again: the marks, and four shards.
        var calls = stage.World.Plan.Calls;
        await stage.Sweep();
        Assert.Equal(5, stage.World.Plan.Calls - calls);
    }

    private static async Task EachHourForADay(RetentionStage stage)
    {
        for (var hour = 0; hour < 26; hour++)
        {
            stage.World.Advance(s_hour);
            await stage.Sweep();
        }
    }

    private static async Task<int> Race(int? at)
    {
        var stage = await RetentionStage.Start();
        var world = stage.World;
        await stage.MirroredLead("one");
        await stage.MirroredLead("two");
        var changed = await stage.Mirrored("changed");
        await world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"keyed"}""", "key-1");
        await stage.Ended("ended", world.Domain.GetUtcNow() + RetentionStage.Window);
        await stage.Ended("ending", world.Domain.GetUtcNow() + RetentionStage.Window);
        world.Advance(RetentionStage.Window - s_hour);
        await world.Patch(changed, """{"customer_name":"Ada"}""");
        world.Advance(s_hour + s_hour);
        var start = world.Plan.Calls;
        var racing = false;
        world.Plan.Meanwhile = async number =>
        {
            if (number - start == at && !racing)
            {
                racing = true;
                await stage.Sweep();
            }
        };

        await stage.Sweep();
        world.Plan.Meanwhile = null;

        var when = $"call {at}";
        Assert.True(world.Keys("lead|").Count == 0, when);
        Assert.True(world.Keys("conversation|").Count == 2, when);
        Assert.True(world.Keys("conversation|").Contains(changed.RowKey), when);
        Assert.True(world.Keys("ix|").Count == 2, when);
        Assert.True(world.Keys("idem").Count == 0, when);
        Assert.True(world.Keys("end").Count == 0, when);
        Assert.True(stage.Hints.Select(hint => hint.Key).SequenceEqual([changed.RowKey]), when);
        Assert.True(world.Alerts.Raised.IsEmpty, when);
        return world.Plan.Calls - start;
    }
}
