using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;
using Vorel.Testing;

namespace Vorel.Core.Tests.Audit;

public sealed class AuditChannelTests
{
    private static readonly Guid s_credential = Guid.NewGuid();

    [Fact]
    public async Task Uses_of_a_credential_are_written_down_one_row_for_each_who_it_was_for()
    {
        var stage = await AuditStage.Start();
        var channel = Channel(stage);
        var somebody = new AuditActor(AuditActorKind.Operator, AuditActor.Development) { RequestId = Guid.NewGuid().ToString("D") };
        channel.Decrypted(stage.Tenant, s_credential, AuditActor.System);
        channel.Decrypted(stage.Tenant, s_credential, AuditActor.System);
        channel.Decrypted(stage.Tenant, s_credential, somebody);
        await Drain(channel);

        Assert.Equal([("operator", 1L), ("system", 2L)], Uses(stage).Select(use => ((string)use.Columns["actor_kind"], (long)use.Columns["count_decrypts"])).Order());
        Assert.All(Uses(stage), use => Assert.Equal(s_credential, use.Columns["subject"]));
        Assert.Null((await stage.Verify()).First);
    }

    [Fact]
    public async Task A_flood_holds_nobody_up_and_what_is_lost_is_counted_told_and_written_down()
    {
        var stage = await AuditStage.Start();
        var channel = Channel(stage);
        var gate = new TaskCompletionSource();
        stage.World.Store.BeforeCommit = (_, _, _) => gate.Task;
        using var stop = new CancellationTokenSource();
        var running = channel.Run(stop.Token);
        var flood = AuditChannel.Capacity * 3;

        // Each by itself, so that none is counted with another; storage stands still all the while.
        for (var count = 0; count < flood; count++)
        {
            channel.Decrypted(stage.Tenant, Guid.NewGuid(), AuditActor.System);
        }

        gate.SetResult();
        await Eventually.True(() => Uses(stage).Sum(Decrypts) + Lost(stage) == flood, "every use is written down or counted as lost");
        await stop.CancelAsync();
        await running;

        Assert.InRange(Uses(stage).Sum(Decrypts), AuditChannel.Capacity, flood - 1);
        Assert.InRange(Lost(stage), 1, flood - AuditChannel.Capacity);
        Assert.True(stage.World.Alerts.Count(AlertCode.AuditEventsLost) >= 1);
        Assert.Null((await stage.Verify()).First);
    }

    [Fact]
    public async Task What_storage_does_not_take_is_tried_again_and_then_counted_as_lost()
    {
        var stage = await AuditStage.Start();
        var channel = Channel(stage);
        var away = true;
        stage.World.Store.BeforeCommit = (_, _, _) => away ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        using var stop = new CancellationTokenSource();
        channel.Decrypted(stage.Tenant, s_credential, AuditActor.System);
        var running = channel.Run(stop.Token);
        for (var second = 0; second < 8; second++)
        {
            await Eventually.True(() => stage.World.Real.WaitingTimers > 0, "the channel waits to try again");
            stage.World.Real.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(Uses(stage));
        away = false;
        await Eventually.True(() => Advance(stage) && Lost(stage) == 1, "the loss is written down");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_short_absence_of_storage_loses_nothing()
    {
        var stage = await AuditStage.Start();
        var channel = Channel(stage);
        var failures = 4;
        stage.World.Store.BeforeCommit = (_, _, _) => failures-- > 0 ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        using var stop = new CancellationTokenSource();
        channel.Decrypted(stage.Tenant, s_credential, AuditActor.System);
        var running = channel.Run(stop.Token);
        await Eventually.True(() => Advance(stage) && Uses(stage).Count == 1, "the use is written down");
        await stop.CancelAsync();
        await running;
        Assert.Equal(0, Lost(stage));
    }

    [Fact]
    public async Task Another_tenants_trouble_is_not_this_ones()
    {
        var stage = await AuditStage.Start();
        var other = await AuditStage.Start(stage.World);
        var channel = Channel(stage);
        stage.World.Store.BeforeCommit = (table, writes, _) =>
            table == AuditRow.Table && writes is [RowWrite.Insert insert, ..] && s_credential.Equals(insert.Columns.GetValueOrDefault("subject")) ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        channel.Decrypted(other.Tenant, s_credential, AuditActor.System);
        channel.Decrypted(stage.Tenant, Guid.NewGuid(), AuditActor.System);
        using var stop = new CancellationTokenSource();
        var running = channel.Run(stop.Token);
        await Eventually.True(() => Uses(stage).Count == 1, "the other one's use is written down");
        await Eventually.True(() => Advance(stage) && Lost(other) == 1, "what cannot be written down is said to be lost");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task What_still_waits_at_the_end_is_written_down_and_where_storage_is_away_people_are_told()
    {
        var stage = await AuditStage.Start();
        var channel = Channel(stage);
        for (var count = 0; count < 500; count++)
        {
            channel.Decrypted(stage.Tenant, Guid.NewGuid(), AuditActor.System);
        }

        await Drain(channel);
        Assert.Equal(500, Uses(stage).Count);

        var next = Channel(stage);
        stage.World.Store.BeforeCommit = (_, _, _) => throw new StoreUnavailableException("scripted");
        next.Decrypted(stage.Tenant, s_credential, AuditActor.System);
        await Drain(next);
        Assert.Equal(1, stage.World.Alerts.Count(AlertCode.AuditEventsLost));

        // What comes when all is over is lost as well, and throws nothing.
        next.Decrypted(stage.Tenant, s_credential, AuditActor.System);
    }

    private static AuditChannel Channel(AuditStage stage) => new(stage.World.Audit, stage.World.Clocks, stage.World.Alerts);

    private static Task Drain(AuditChannel channel) => channel.Run(new CancellationToken(canceled: true));

    private static IReadOnlyList<Row> Uses(AuditStage stage) => [.. stage.Rows.Where(row => row.Columns["action"] is "credential.decrypted")];

    private static long Decrypts(Row row) => (long)row.Columns["count_decrypts"];

    private static long Lost(AuditStage stage) => stage.Rows.Where(row => row.Columns["action"] is "credential.decrypts_lost").Sum(row => (long)row.Columns["count_lost"]);

    private static bool Advance(AuditStage stage)
    {
        stage.World.Real.Advance(TimeSpan.FromSeconds(1));
        return true;
    }
}
