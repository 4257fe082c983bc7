using Vorel.Core.Alerts;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Webhooks.Deliveries;

/// <summary>Attempts whose process dies before it records how they ended: made again, but not for ever.</summary>
[Trait("Area", "crash")]
public sealed class InterruptedAttemptTests
{
    private const int PostsOfOneAttempt = 6;

    private readonly World _world = new();

    [Fact]
    public async Task A_receiver_that_kills_each_process_that_calls_it_comes_to_the_end_of_the_ladder()
    {
        var delivery = await OneDelivery();
        _world.Sender.During = () => throw new KilledException();
        var start = _world.Domain.GetUtcNow();
        var deaths = 0;
        while (await _world.Deliveries.Load(_world.Tenant, delivery.Id, default) is var step and not DeliveryStep.Done)
        {
            deaths += await Dies(delivery, step) ? 1 : 0;
            Assert.True(deaths <= 100, "The attempts do not end.");
        }

        var end = await _world.OnlyDelivery();
        Assert.Equal(DeliveryState.DeadLetter, end.State);
        Assert.Equal([1, 2, 3, 4, 5, 6], end.Attempts.Select(attempt => attempt.Number));
        Assert.All(end.Attempts, attempt => Assert.Equal((null, AttemptError.Interrupted), (attempt.Status, attempt.Error)));
        Assert.Equal(6 * PostsOfOneAttempt, deaths);
        Assert.Equal(deaths, _world.Sender.Requests.Count);
        Assert.True(_world.Domain.GetUtcNow() - start >= RetryLadder.Webhooks.Horizon);
        Assert.Equal(1, _world.Alerts.Count(AlertCode.DeliveriesDeadLettered));
    }

    [Fact]
    public async Task The_fifth_takeover_still_posts_and_what_it_brings_counts()
    {
        var delivery = await OneDelivery();
        for (var death = 1; death < PostsOfOneAttempt; death++)
        {
            await Kill(delivery);
        }

        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        var end = await _world.OnlyDelivery();
        Assert.Equal(DeliveryState.Delivered, end.State);
        Assert.Equal((1, 200), (Assert.Single(end.Attempts).Number, end.Attempts[0].Status));
    }

    [Fact]
    public async Task Each_attempt_has_takeovers_of_its_own()
    {
        var delivery = await OneDelivery();
        for (var death = 1; death < PostsOfOneAttempt; death++)
        {
            await Kill(delivery);
        }

        _world.Sender.Answers(Outcomes.Status(500, AttemptError.Server), Outcomes.Ok);
        var wait = Assert.IsType<DeliveryStep.Wait>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        _world.Advance(wait.Until - _world.Domain.GetUtcNow());
        for (var death = 1; death < PostsOfOneAttempt; death++)
        {
            await Kill(delivery);
        }

        await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
        Assert.Equal([(1, 500), (2, 200)], (await _world.OnlyDelivery()).Attempts.Select(attempt => (attempt.Number, attempt.Status)));
    }

    [Fact]
    public async Task The_end_of_an_attempt_that_comes_after_it_was_given_up_changes_nothing()
    {
        var delivery = await OneDelivery();
        for (var death = 1; death < PostsOfOneAttempt; death++)
        {
            await Kill(delivery);
        }

        // The sixth is alive after all, only slower than a claim lasts.
        _world.Sender.During = async () =>
        {
            _world.Sender.During = null;
            _world.Advance(_world.Timings.AttemptClaim);
            Assert.IsType<DeliveryStep.Wait>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        };
        Assert.IsType<DeliveryStep.Busy>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));

        var after = await _world.OnlyDelivery();
        Assert.Equal(DeliveryState.Pending, after.State);
        Assert.Equal(AttemptError.Interrupted, Assert.Single(after.Attempts).Error);
    }

    /// <summary>Does what is next; whether that was the death of the process.</summary>
    private async Task<bool> Dies(Delivery delivery, DeliveryStep step)
    {
        switch (step)
        {
            case DeliveryStep.Wait wait:
                _world.Advance(wait.Until - _world.Domain.GetUtcNow());
                return false;
            case DeliveryStep.Busy busy:
                _world.Advance(busy.RetryAfter);
                return false;
            default:
                try
                {
                    await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
                    return false;
                }
                catch (KilledException)
                {
                    return true;
                }
        }
    }

    private async Task Kill(Delivery delivery)
    {
        _world.Sender.During = () => throw new KilledException();
        await Assert.ThrowsAsync<KilledException>(() => _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        _world.Sender.During = null;
        _world.Advance(_world.Timings.AttemptClaim);
    }

    private async Task<Delivery> OneDelivery()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        return await _world.OnlyDelivery();
    }
}
