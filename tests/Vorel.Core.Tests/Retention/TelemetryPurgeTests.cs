using Vorel.Core.Alerts;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

/// <summary>Rows of class (b) that say their own end go then, and not before, by hints that decide nothing.</summary>
public sealed class TelemetryPurgeTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly RetentionStage _stage = new();

    private World World => _stage.World;

    private DateTimeOffset Now => World.Domain.GetUtcNow();

    private DateTimeOffset End => IEndingRow.EndOf<EndingTestRow>(Now);

    [Fact]
    public async Task A_row_goes_with_its_hint_once_it_says_that_it_is_over_and_is_counted_under_its_table()
    {
        await _stage.Ended("one", End);
        World.Advance(TimeSpan.FromDays(30));

        // The hour of its end is not past yet.
        Assert.Equal(new SweepReport(0, 0, 0, More: false), await _stage.Sweep());
        World.Advance(s_hour);
        Assert.Equal(new SweepReport(1, 0, 0, More: false), await _stage.Sweep());

        Assert.Empty(Rows);
        Assert.Empty(_stage.Hints);
        Assert.Equal(["retention.swept Incidents_purged=1"], await _stage.Audit());
    }

    [Fact]
    public async Task A_row_that_says_a_later_end_stays_until_then()
    {
        var later = End.AddDays(3);
        await _stage.Ended("one", End);
        await _stage.Write(new EndingTestRow("one", later));
        World.Advance(TimeSpan.FromDays(30) + s_hour);

        Assert.Equal(new SweepReport(0, 1, 0, More: false), await _stage.Sweep());
        Assert.Equal([(PurgeHour.Of(later), "Incidents|one")], _stage.Hints);
        World.Advance(TimeSpan.FromDays(3));
        Assert.Equal(1, (await _stage.Sweep()).Purged);
        Assert.Empty(_stage.Hints);
    }

    [Fact]
    public async Task A_row_that_has_no_end_or_cannot_be_read_stays_and_is_looked_at_once_a_day_by_one_hint()
    {
        await _stage.Ended("open", End);
        await _stage.Write(new EndingTestRow("open", null));
        await _stage.Ended("damaged", End);
        await World.Store.Commit("Incidents", Partition.Of(World.Tenant), new RowWrite.Replace("damaged", "*", new Dictionary<string, object> { ["over"] = "long ago" }), default);
        await File("open", End.AddHours(7));
        World.Advance(TimeSpan.FromDays(30) + s_hour);

        Assert.Equal(new SweepReport(0, 1, 1, More: false), await _stage.Sweep());
        Assert.Equal(3, _stage.Hints.Count);
        World.Advance(TimeSpan.FromHours(7));
        Assert.Equal(new SweepReport(0, 1, 0, More: false), await _stage.Sweep());
        Assert.Equal(["damaged", "open"], Rows);
        Assert.Equal(["Incidents|damaged", "Incidents|open"], _stage.Hints.Select(hint => hint.Key).Order());

        // The one that ends after all goes by the hint that is left.
        await _stage.Write(new EndingTestRow("open", Now));
        World.Advance(TimeSpan.FromDays(1) + s_hour);
        Assert.Equal(1, (await _stage.Sweep()).Purged);
        Assert.Equal(["damaged"], Rows);
    }

    [Fact]
    public async Task A_hint_of_a_row_that_is_gone_goes()
    {
        await File("one", Now);
        World.Advance(s_hour);

        Assert.Equal(new SweepReport(0, 0, 0, More: false), await _stage.Sweep());
        Assert.Empty(_stage.Hints);
        Assert.Equal(["retention.swept Incidents_gone=1"], await _stage.Audit());
    }

    [Fact]
    public async Task A_row_that_is_changed_between_look_and_delete_stays_and_the_others_of_its_batch_go()
    {
        foreach (var key in (string[])["one", "two", "three"])
        {
            await _stage.Ended(key, End);
        }

        World.Advance(TimeSpan.FromDays(30) + s_hour);
        World.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == EndingTestRow.Table)
            {
                World.Store.BeforeCommit = null;
                await _stage.Write(new EndingTestRow("two", null));
            }
        };

        Assert.Equal(new SweepReport(2, 0, 1, More: false), await _stage.Sweep());
        Assert.Equal(["two"], Rows);
        Assert.Equal(["Incidents|two"], _stage.Hints.Select(hint => hint.Key));
    }

    [Fact]
    public async Task Two_hundred_and_fifty_rows_take_one_read_each_and_three_transactions()
    {
        for (var number = 0; number < 250; number++)
        {
            await _stage.Ended($"row-{number}", End);
        }

        World.Advance(TimeSpan.FromDays(30) + s_hour);
        var before = World.Plan.Calls;
        Assert.Equal(250, (await _stage.Sweep()).Purged);
        Assert.Empty(Rows);
        Assert.Empty(_stage.Hints);

        // Beside that: the marks, read and written; four shards; the audit row, of a new month, and the hint for its seal; three transactions of hints.
        Assert.Equal(250 + 3 + 2 + 4 + 2 + 3, World.Plan.Calls - before);
    }

    [Fact]
    public async Task What_there_is_no_time_for_stays_where_it_is_and_goes_next_time()
    {
        for (var number = 0; number < 150; number++)
        {
            await _stage.Ended($"row-{number}", End);
        }

        World.Advance(TimeSpan.FromDays(30) + s_hour);
        World.Store.BeforeCommit = (table, _, _) =>
        {
            World.Real.Advance(table == EndingTestRow.Table ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        Assert.Equal(new SweepReport(100, 0, 0, More: true), await World.Sweep.Run(default));
        Assert.Equal(50, _stage.Hints.Count);
        Assert.Equal(new SweepReport(50, 0, 0, More: false), await World.Sweep.Run(default));
        Assert.Empty(Rows);
        Assert.Empty(_stage.Hints);
    }

    [Theory]
    [InlineData("telemetry", "ApiKeys|victim")]
    [InlineData("telemetry", "incidents|victim")]
    [InlineData("telemetry", "Incidents|")]
    [InlineData("telemetry", "Incidents")]
    [InlineData("telemetry", "")]
    [InlineData("idem", "ApiKeys")]
    [InlineData("idem", "no table")]
    [InlineData("lead", "victim")]
    [InlineData("message", "case|victim")]
    [InlineData("message", "")]
    public async Task A_damaged_hint_reaches_nothing_but_its_own_tables_and_is_put_off_and_reported(string kind, string key)
    {
        await _stage.Ended("victim", End);
        foreach (var table in (string[])["ApiKeys", "incidents", "Records"])
        {
            await World.Store.Commit(table, Partition.Of(World.Tenant), new RowWrite.Insert("victim", new EndingTestRow("victim", Now).ToColumns().Values), default);
        }

        var before = World.Keys("victim").Count;
        await World.Store.Commit(PurgeIndexRow.Table, PurgeHour.PartitionOf(World.Tenant, Now), TypedRows.Insert(new PurgeIndexRow(World.Tenant, kind, key)), default);
        await _stage.Ended("sound", Now);
        World.Advance(s_hour);

        Assert.Equal(1, (await _stage.Sweep()).Purged);
        Assert.Equal(before, World.Keys("victim").Count);
        Assert.Empty(World.Keys("sound"));
        var alert = Assert.Single(World.Alerts.Raised);
        Assert.Equal((AlertCode.UnknownWork, World.Tenant, kind), (alert.Code, alert.Tenant, alert.Subject));
        Assert.Contains((PurgeHour.Of(Now + s_hour), key), _stage.Hints);
    }

    private IReadOnlyList<string> Rows =>
        [.. World.Store.Inner.Dump().Where(entry => entry.Table == EndingTestRow.Table).Select(entry => entry.Row.Key).Order(StringComparer.Ordinal)];

    private Task File(string key, DateTimeOffset over) => new PurgeHints(World.Store).FileTelemetry(World.Tenant, EndingTestRow.Table, key, over, default);
}
