using Vorel.Core.Alerts;
using Vorel.Core.Due;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Due;

public sealed class TickTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_delivery_whose_start_was_lost_is_started_and_its_hint_stays_until_it_ends()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        _world.Orchestrations.Fails = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _world.Dispatch());
        _world.Orchestrations.Fails = false;
        var delivery = await _world.OnlyDelivery();

        await Run();
        Assert.Empty(_world.Orchestrations.Starts);
        _world.Advance(TimeSpan.FromMinutes(2));
        await Run();
        Assert.Equal([$"delivery:{delivery.Id:D}"], _world.Orchestrations.Starts.Select(start => start.Instance));
        Assert.Single(Hints());

        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        _world.Advance(TimeSpan.FromMinutes(2));
        await Run();
        Assert.Empty(Hints());
        Assert.Single(_world.Orchestrations.Starts);
    }

    [Fact]
    public async Task A_delivery_that_waits_for_its_next_rung_is_left_alone_until_two_minutes_after_it()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        var delivery = await _world.OnlyDelivery();
        _world.Sender.Answers(Outcomes.Status(500, AttemptError.Server));
        foreach (var rung in RetryLadder.Webhooks.Delays.Take(4))
        {
            _world.Advance(rung);
            await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        }

        // The next attempt is two hours away.
        await Run();
        _world.Advance(TimeSpan.FromMinutes(121));
        await Run();
        Assert.Single(_world.Orchestrations.Starts);

        _world.Advance(TimeSpan.FromMinutes(1));
        await Run();
        Assert.Equal(2, _world.Orchestrations.Starts.Count);
        Assert.Single(Hints());
    }

    [Fact]
    public async Task A_hint_that_points_to_nothing_is_removed()
    {
        await _world.Hints.File(new DueRow(_world.Tenant, DueKind.Delivery, _world.Ids.Next().ToString("D"), _world.Domain.GetUtcNow()), default);
        await Run();
        Assert.Empty(Hints());
    }

    [Fact]
    public async Task One_hint_that_fails_does_not_keep_the_others_and_comes_again()
    {
        await _world.FanOut.Handle(_world.Tenant, "outbox|" + new string('a', 32), default);
        await _world.FanOut.Handle(_world.Tenant, "outbox|" + new string('b', 32), default);
        _world.Advance(TimeSpan.FromMinutes(11));
        _world.Store.BeforeCommit = (table, writes, _) =>
            table == "Records" && writes[0].Key.EndsWith('a') ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;

        var report = await Run();
        Assert.Equal((1, 1), (report.Handled, report.Failed));
        Assert.Equal(1, _world.Alerts.Count(AlertCode.HintFailed));
        _world.Store.BeforeCommit = null;
        _world.Advance(TimeSpan.FromMinutes(1));
        report = await Run();
        Assert.Equal((1, 0), (report.Handled, report.Failed));
        Assert.Empty(Hints());
        Assert.Empty(_world.Keys("outbox|"));
    }

    [Fact]
    public async Task Rows_that_are_no_hints_and_cannot_be_written_back_come_after_the_hints_and_hold_up_nothing()
    {
        await _world.Hints.File(new DueRow(_world.Tenant, DueKind.Delivery, _world.Ids.Next().ToString("D"), _world.Domain.GetUtcNow()), default);
        await _world.Hints.File(new DueRow(_world.Tenant, "novelty", "1", _world.Domain.GetUtcNow()), default);
        await Noise(2);
        var order = new List<string>();
        _world.Store.BeforeCommit = (_, writes, _) =>
        {
            order.Add(writes[0].Key.Split('|')[0]);
            return order[^1].StartsWith("noise", StringComparison.Ordinal) ? throw new InvalidOperationException("more than a row may hold") : Task.CompletedTask;
        };

        Assert.Equal(new TickReport(2, 2, false), await Run());

        Assert.Equal(["noise", "noise"], order[^2..].Select(key => key[..5]));
        Assert.DoesNotContain(order[..^2], key => key.StartsWith("noise", StringComparison.Ordinal));
        Assert.Equal(2, _world.Alerts.Raised.Count(alert => alert is { Code: AlertCode.UnknownWork, Subject: "hint" }));
        Assert.Equal(3, Hints().Count);
    }

    [Fact]
    public async Task A_hint_that_can_neither_be_handled_nor_put_behind_holds_up_nothing()
    {
        await _world.FanOut.Handle(_world.Tenant, "outbox|" + new string('a', 32), default);
        await _world.FanOut.Handle(_world.Tenant, "outbox|" + new string('b', 32), default);
        _world.Advance(TimeSpan.FromMinutes(11));
        _world.Store.BeforeCommit = (_, writes, _) =>
            writes[0].Key.EndsWith('a') ? throw new InvalidOperationException("scripted") : Task.CompletedTask;

        Assert.Equal(new TickReport(1, 1, false), await Run());
        Assert.Equal(1, _world.Alerts.Count(AlertCode.HintFailed));
        Assert.Single(Hints());
    }

    [Fact]
    public async Task Rows_that_are_no_hints_take_no_longer_than_a_tick_may()
    {
        await Noise(10);
        _world.Store.BeforeCommit = (_, _, _) =>
        {
            _world.Real.Advance(TimeSpan.FromSeconds(15));
            return Task.CompletedTask;
        };

        // Each takes two writes: one there, one away.
        Assert.Equal(new TickReport(0, 2, false), await Run());
    }

    [Fact]
    public async Task A_kind_that_is_not_known_is_put_off_and_told()
    {
        await _world.Hints.File(new DueRow(_world.Tenant, "novelty", "1", _world.Domain.GetUtcNow()), default);
        await Run();
        Assert.Equal(1, _world.Alerts.Count(AlertCode.UnknownWork));
        Assert.Single(Hints());

        // However old the hint is, it does not come again and again.
        _world.Advance(TimeSpan.FromDays(3));
        Assert.Equal(1, (await Run()).Handled);
        Assert.Equal(0, (await Run()).Handled);
    }

    [Fact]
    public async Task A_tick_that_takes_long_leaves_the_rest_to_the_next()
    {
        for (var i = 0; i < 10; i++)
        {
            await _world.Hints.File(new DueRow(_world.Tenant, DueKind.Delivery, _world.Ids.Next().ToString("D"), _world.Domain.GetUtcNow()), default);
        }

        _world.Store.BeforeCommit = (_, _, _) =>
        {
            _world.Real.Advance(TimeSpan.FromSeconds(15));
            return Task.CompletedTask;
        };
        Assert.Equal(new TickReport(3, 0, false), await Run());
        _world.Store.BeforeCommit = null;
        Assert.Equal(new TickReport(7, 0, false), await Run());
    }

    [Fact]
    public async Task A_start_that_runs_out_of_time_is_a_hint_that_failed_and_not_the_end_of_the_tick()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        await _world.FanOut.Handle(_world.Tenant, "outbox|" + new string('a', 32), default);
        _world.Advance(TimeSpan.FromMinutes(11));
        _world.Plan.BreaksAt = _world.Plan.Calls + 2;
        _world.Plan.Fault = () => new TaskCanceledException("scripted");
        Assert.Equal((1, 1), (await Run()) is var report ? (report.Handled, report.Failed) : default);
    }

    [Fact]
    public async Task A_tick_takes_five_hundred_hints_and_says_that_there_are_more()
    {
        for (var i = 0; i < 501; i++)
        {
            await _world.Hints.File(new DueRow(_world.Tenant, DueKind.Delivery, _world.Ids.Next().ToString("D"), _world.Domain.GetUtcNow()), default);
        }

        Assert.True((await Run()).More);
        Assert.False((await Run()).More);
        Assert.Empty(Hints());
    }

    [Fact]
    public async Task Five_hundred_hints_that_fail_do_not_starve_the_one_behind_them()
    {
        for (var i = 0; i < 500; i++)
        {
            await _world.Hints.File(new DueRow(_world.Tenant, DueKind.Tombstone, "outbox|" + i.ToString("x32"), _world.Domain.GetUtcNow()), default);
            var tombstone = new Core.Outbox.OutboxRow("outbox|" + i.ToString("x32")) { IsTombstone = true, BuriedAt = _world.Real.GetUtcNow() };
            await _world.Store.Commit("Records", Partition.Of(_world.Tenant), TypedRows.Insert(tombstone), default);
        }

        _world.Advance(TimeSpan.FromMinutes(11));
        await _world.Hints.File(new DueRow(_world.Tenant, DueKind.Delivery, _world.Ids.Next().ToString("D"), _world.Domain.GetUtcNow()), default);
        _world.Store.BeforeCommit = (table, _, _) => table == "Records" ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;

        Assert.Equal((0, 500), (await Run()) is var first ? (first.Handled, first.Failed) : default);
        Assert.Equal((1, 0), (await Run()) is var second ? (second.Handled, second.Failed) : default);
    }

    [Fact]
    public async Task Hints_of_this_minute_that_are_not_due_yet_do_not_make_a_tick_say_that_there_is_more()
    {
        for (var i = 0; i < 500; i++)
        {
            await _world.Hints.File(new DueRow(_world.Tenant, DueKind.Delivery, _world.Ids.Next().ToString("D"), _world.Domain.GetUtcNow() + TimeSpan.FromSeconds(30)), default);
        }

        Assert.Equal(new TickReport(0, 0, false), await Run());
    }

    private Task<TickReport> Run() => _world.Tick.Run(_world.Domain.GetUtcNow(), default);

    /// <summary>Files rows that nobody can read under the current minute.</summary>
    private async Task Noise(int count)
    {
        var bucket = _world.Domain.GetUtcNow().UtcDateTime.ToString("yyyyMMddHHmm", System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < count; i++)
        {
            await _world.Store.Commit("Due", Partition.Due(bucket + "00"), new RowWrite.Upsert($"noise{i}", new Dictionary<string, object>()), default);
        }
    }

    private IReadOnlyList<Row> Hints() => [.. _world.Store.Inner.Dump().Where(entry => entry.Table == "Due" && !entry.Row.Key.EndsWith("|audit|seal", StringComparison.Ordinal)).Select(entry => entry.Row)];
}
