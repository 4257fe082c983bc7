using Vorel.Core.Alerts;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

/// <summary>Rows of PurgeIndex that are no hints stop nobody's sweep.</summary>
public sealed class PurgeHintTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("tenant", "no id")]
    [InlineData("kind", 7L)]
    [InlineData("key", null)]
    [InlineData("key", "lead|another row")]
    public async Task A_row_that_cannot_be_read_is_reported_and_put_off_as_it_is_while_all_others_of_its_shard_go(string column, object? value)
    {
        var stage = await RetentionStage.Start();
        await stage.MirroredLead();
        var damaged = await Damage(stage.World, 1, column, value);
        stage.World.Advance(RetentionStage.Window + s_hour);

        Assert.Equal(new SweepReport(2, 0, 1, More: false), await stage.Sweep());

        Assert.Empty(stage.Rows);
        Assert.Equal(new Alert(AlertCode.UnknownWork, stage.World.Tenant, "hint", "unreadable"), Assert.Single(stage.World.Alerts.Raised));
        var (partition, row) = Assert.Single(Damaged(stage.World));
        Assert.Equal(PurgeHour.PartitionOf(stage.World.Tenant, stage.World.Domain.GetUtcNow() + s_hour).Value, partition);
        Assert.Equal(damaged.OrderBy(entry => entry.Key), row.Columns.OrderBy(entry => entry.Key));
    }

    [Fact]
    public async Task Rows_that_cannot_be_written_back_stay_behind_all_hints_and_hold_up_nothing()
    {
        var stage = await RetentionStage.Start();
        await stage.MirroredLead();
        await Damage(stage.World, 3, "kind", null);
        stage.World.Advance(RetentionStage.Window + s_hour);
        var order = new List<string>();
        stage.World.Store.BeforeCommit = (table, writes, _) =>
        {
            var noise = writes[0].Key.EndsWith("damaged", StringComparison.Ordinal);
            order.Add(noise ? "noise" : table);
            return noise ? throw new InvalidOperationException("more than a row may hold") : Task.CompletedTask;
        };

        Assert.Equal(new SweepReport(2, 0, 3, More: false), await stage.Sweep());

        Assert.Empty(stage.Rows);
        Assert.Equal(3, Damaged(stage.World).Count);
        Assert.Equal(3, stage.World.Alerts.Count(AlertCode.UnknownWork));

        // The last is the mark that all was read.
        Assert.Equal(["noise", "noise", "noise", PurgeIndexRow.Table], order[^4..]);
        Assert.DoesNotContain("noise", order[..^4]);
    }

    [Fact]
    public async Task A_whole_page_of_them_that_nobody_can_move_ends_the_shard_and_not_the_sweep()
    {
        var stage = new RetentionStage();
        await Damage(stage.World, RetentionSweep.PageSize, "kind", null);
        stage.World.Advance(s_hour);
        stage.World.Store.BeforeCommit = (_, writes, _) =>
            writes[0].Key.EndsWith("damaged", StringComparison.Ordinal) ? throw new InvalidOperationException("more than a row may hold") : Task.CompletedTask;

        Assert.Equal(new SweepReport(0, 0, RetentionSweep.PageSize, More: false), await stage.World.Sweep.Run(default));
    }

    [Fact]
    public async Task They_take_no_longer_than_a_slice_may()
    {
        var stage = new RetentionStage();
        await Damage(stage.World, 10, "kind", null);
        stage.World.Advance(s_hour);
        stage.World.Store.BeforeCommit = (_, _, _) =>
        {
            stage.World.Real.Advance(TimeSpan.FromSeconds(30));
            return Task.CompletedTask;
        };

        // Each takes two writes: one there, one away.
        Assert.Equal(new SweepReport(0, 0, 2, More: true), await stage.World.Sweep.Run(default));
        stage.World.Store.BeforeCommit = null;
        Assert.Equal(new SweepReport(0, 0, 8, More: false), await stage.World.Sweep.Run(default));
        Assert.Equal(10, Damaged(stage.World).Count);
    }

    private static async Task<IReadOnlyDictionary<string, object>> Damage(World world, int count, string column, object? value)
    {
        var hour = PurgeHour.PartitionOf(world.Tenant, world.Domain.GetUtcNow());
        var columns = new Dictionary<string, object?> { ["tenant"] = world.Tenant.Value, ["kind"] = "lead", ["key"] = "lead|1", [column] = value };
        var stored = columns.Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => entry.Value!);
        for (var number = 0; number < count; number++)
        {
            await world.Store.Commit(PurgeIndexRow.Table, hour, new RowWrite.Insert($"{world.Tenant}|lead|{number:D5}damaged", stored), default);
        }

        return stored;
    }

    private static IReadOnlyList<(string Partition, Row Row)> Damaged(World world) =>
        [.. world.Store.Inner.Dump().Where(entry => entry.Row.Key.EndsWith("damaged", StringComparison.Ordinal)).Select(entry => (entry.Partition, entry.Row))];
}
