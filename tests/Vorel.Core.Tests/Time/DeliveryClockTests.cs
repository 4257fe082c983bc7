using Vorel.Core.Alerts;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Testing;

namespace Vorel.Core.Tests.Time;

/// <summary>Clocks that jump under a delivery: nothing goes out before its rung, nothing sticks, and six attempts stay six.</summary>
[Trait("Area", "crash")]
public sealed class DeliveryClockTests
{
    private readonly World _world = new();

    public static TheoryData<TimeSpan> Jumps =>
        [TimeSpan.FromHours(13), TimeSpan.FromHours(25), TimeSpan.FromDays(8), TimeSpan.FromMinutes(-5), TimeSpan.FromHours(-7)];

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Whatever_the_domain_clock_does_in_every_attempt_and_wait_there_are_six_each_after_its_wait(TimeSpan jump)
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(500, AttemptError.Server));
        _world.Sender.During = () =>
        {
            Move(_world.Domain, jump);
            return Task.CompletedTask;
        };
        for (var number = 1; number <= RetryLadder.Webhooks.Attempts; number++)
        {
            var step = await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
            Assert.Equal(number, _world.Sender.Requests.Count);
            if (step is not DeliveryStep.Wait wait)
            {
                Assert.Equal((RetryLadder.Webhooks.Attempts, true), (number, step is DeliveryStep.Done));
                break;
            }

            // The wait counts from the end of the attempt, by the clock as it then was; a jump in the middle of it ends it or makes it longer.
            Assert.Equal(_world.Domain.GetUtcNow() + RetryLadder.Webhooks.Delays[number], wait.Until);
            Move(_world.Domain, jump);
            if (_world.Domain.GetUtcNow() < wait.Until)
            {
                Assert.Equal(wait, await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
                Assert.Equal(number, _world.Sender.Requests.Count);
                _world.Advance(wait.Until - _world.Domain.GetUtcNow());
            }
        }

        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Equal(6, _world.Sender.Requests.Count);
        var end = (await _world.Store.Get<DeliveryRow>(DeliveryIds.TableOf(delivery.Id), Partition.Of(_world.Tenant), Uuid7.ToKey(delivery.Id), default))!.Row;
        Assert.Equal(DeliveryState.DeadLetter, end.State);
        Assert.Equal([1, 2, 3, 4, 5, 6], end.Attempts.Select(attempt => attempt.Number));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    public async Task A_claim_that_is_ahead_of_a_clock_set_back_a_little_is_honoured_from_then_on(int seconds)
    {
        var delivery = await Claimed();
        _world.Real.SetBack(TimeSpan.FromSeconds(seconds));
        Assert.Equal(new DeliveryStep.Busy(_world.Timings.AttemptClaim), await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));

        _world.Real.Advance(TimeSpan.FromSeconds(seconds) + _world.Timings.AttemptClaim);
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
    }

    [Fact]
    public async Task A_claim_that_is_further_ahead_than_claims_last_holds_nobody_up()
    {
        var delivery = await Claimed();
        _world.Real.SetBack(TimeSpan.FromHours(3));
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Equal([1], (await _world.OnlyDelivery()).Attempts.Select(attempt => attempt.Number));
    }

    [Theory]
    [InlineData(13 * 60)]
    [InlineData(-3 * 60)]
    public async Task A_jump_of_the_real_clock_under_an_attempt_may_repeat_the_POST_and_records_one_attempt(int minutes)
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(500, AttemptError.Server));
        _world.Sender.During = async () =>
        {
            _world.Sender.During = null;
            Move(_world.Real, TimeSpan.FromMinutes(minutes));
            Assert.IsType<DeliveryStep.Wait>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        };
        Assert.IsType<DeliveryStep.Busy>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Equal(2, _world.Sender.Requests.Count);
        Assert.Equal([1], (await _world.OnlyDelivery()).Attempts.Select(attempt => attempt.Number));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(25)]
    [InlineData(360)]
    public async Task The_hint_of_a_delivery_is_there_though_the_clock_jumped_over_it_before_the_row_was_made(int hours)
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        _world.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table.StartsWith("WebhookDeliveries", StringComparison.Ordinal))
            {
                _world.Store.BeforeCommit = null;
                _world.Domain.Advance(TimeSpan.FromHours(hours));

                // Beside it, where a day has passed, the seal of the audit log.
                Assert.Equal(hours > 24 ? 2 : 1, (await _world.Tick.Run(_world.Domain.GetUtcNow(), default)).Handled);
            }
        };
        await _world.Dispatch();
        var started = _world.Orchestrations.Starts.Count;

        // Its orchestration is lost; the tick has to find the delivery.
        _world.Domain.Advance(TimeSpan.FromMinutes(3));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Equal(started + 1, _world.Orchestrations.Starts.Count);
    }

    [Fact]
    public async Task Hints_filed_before_the_clock_was_set_back_come_when_the_clock_does_and_new_ones_are_not_held_up()
    {
        var early = await OneDelivery();
        _world.Domain.SetBack(TimeSpan.FromHours(5));
        await _world.Conversation("later");
        await _world.Dispatch();
        _world.Orchestrations.Starts.Clear();

        _world.Domain.Advance(TimeSpan.FromMinutes(3));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.DoesNotContain(DeliveryIds.InstanceOf(early.Id), Assert.Single(_world.Orchestrations.Starts).Instance, StringComparison.Ordinal);

        _world.Domain.Advance(TimeSpan.FromHours(5));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Contains(_world.Orchestrations.Starts, start => start.Instance == DeliveryIds.InstanceOf(early.Id));
    }

    [Fact]
    public async Task A_clock_set_back_does_not_silence_the_alerts_of_dead_letters()
    {
        var subscription = await _world.Subscribe("conversation.created");
        await _world.Subscriptions.AlertDeadLetter(_world.Tenant, subscription.Id, Guid.NewGuid(), _world.Domain.GetUtcNow(), default);
        _world.Domain.SetBack(TimeSpan.FromHours(5));
        await _world.Subscriptions.AlertDeadLetter(_world.Tenant, subscription.Id, Guid.NewGuid(), _world.Domain.GetUtcNow(), default);
        await _world.Subscriptions.AlertDeadLetter(_world.Tenant, subscription.Id, Guid.NewGuid(), _world.Domain.GetUtcNow(), default);
        Assert.Equal(2, _world.Alerts.Count(AlertCode.DeliveriesDeadLettered));
    }

    [Fact]
    public async Task Records_stay_newest_first_when_the_clock_is_set_back()
    {
        var first = await _world.Conversation("1");
        _world.Domain.SetBack(TimeSpan.FromHours(5));
        var second = await _world.Conversation("2");
        Assert.True(string.CompareOrdinal(second.RowKey, first.RowKey) < 0);
        Assert.True(Uuid7.TimeOf(second.Id) >= Uuid7.TimeOf(first.Id));
    }

    private static void Move(FakeTimeProvider clock, TimeSpan by)
    {
        if (by < TimeSpan.Zero)
        {
            clock.SetBack(-by);
        }
        else
        {
            clock.Advance(by);
        }
    }

    /// <summary>A delivery whose attempt was claimed by a process that died.</summary>
    private async Task<Delivery> Claimed()
    {
        var delivery = await OneDelivery();
        _world.Sender.During = () => throw new KilledException();
        await Assert.ThrowsAsync<KilledException>(() => _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        _world.Sender.During = null;
        return delivery;
    }

    private async Task<Delivery> OneDelivery()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        return await _world.OnlyDelivery();
    }
}
