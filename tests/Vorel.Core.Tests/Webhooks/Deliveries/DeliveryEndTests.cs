using Vorel.Core.Alerts;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Tests.Webhooks.Deliveries;

/// <summary>What the end of a delivery leads to, and that there is an end.</summary>
public sealed class DeliveryEndTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_410_disables_the_subscription_and_another_4xx_does_not()
    {
        var gone = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(404, AttemptError.Client), Outcomes.Status(410, AttemptError.Client));
        await _world.Deliveries.Attempt(_world.Tenant, gone.Id, default);
        Assert.Equal(SubscriptionStatus.Active, Assert.Single(await _world.Subscriptions.List(_world.Tenant, default)).Status);

        _world.Advance(TimeSpan.FromSeconds(1));
        await _world.Conversation("another");
        await _world.Dispatch();
        await _world.Deliveries.Attempt(_world.Tenant, (await _world.AllDeliveries())[0].Id, default);
        var subscription = Assert.Single(await _world.Subscriptions.List(_world.Tenant, default));
        Assert.Equal((SubscriptionStatus.Disabled, "gone"), (subscription.Status, subscription.DisabledReason));
        Assert.Equal(1, _world.Alerts.Count(AlertCode.SubscriptionDisabled));
    }

    [Fact]
    public async Task A_burst_of_dead_letters_alerts_once_and_a_later_one_again()
    {
        await _world.Subscribe("conversation.created");
        _world.Sender.Answers(Outcomes.Timeout);
        await DeadLetter("first");
        await DeadLetter("second");
        Assert.Equal(2, _world.Alerts.Count(AlertCode.DeliveriesDeadLettered));

        // Both at once: one burst.
        await _world.Conversation("third");
        await _world.Conversation("fourth");
        await _world.Dispatch();
        await Climb([.. (await _world.AllDeliveries()).Where(delivery => !delivery.State.IsTerminal())]);
        Assert.Equal(3, _world.Alerts.Count(AlertCode.DeliveriesDeadLettered));

        async Task DeadLetter(string customer)
        {
            await _world.Conversation(customer);
            await _world.Dispatch();
            await Climb([(await _world.AllDeliveries())[0]]);
        }
    }

    [Theory]
    [InlineData(410)]
    [InlineData(500)]
    public async Task What_follows_from_an_end_is_made_up_for_when_it_did_not_work_out(int status)
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(status, status == 410 ? AttemptError.Client : AttemptError.Server));
        _world.Store.BeforeCommit = (table, _, _) => table == "WebhookSubscriptions" ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Climb([delivery]));
        Assert.True((await _world.OnlyDelivery()).State.IsTerminal());
        Assert.Empty(_world.Alerts.Raised);

        _world.Store.BeforeCommit = null;
        for (var repeats = 0; repeats < 3; repeats++)
        {
            Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        }

        Assert.Single(_world.Alerts.Raised);
        var subscription = Assert.Single(await _world.Subscriptions.List(_world.Tenant, default));
        Assert.Equal(status == 410 ? SubscriptionStatus.Disabled : SubscriptionStatus.Active, subscription.Status);
    }

    [Theory]
    [InlineData(410, false)]
    [InlineData(500, false)]
    [InlineData(410, true)]
    [InlineData(500, true)]
    public async Task What_follows_from_an_end_is_made_up_for_by_the_tick_when_process_and_orchestration_are_gone(int status, bool afterEffect)
    {
        var delivery = await OneDelivery();
        _world.Sender.Answers(Outcomes.Status(status, status == 410 ? AttemptError.Client : AttemptError.Server));
        if (afterEffect)
        {
            _world.Store.AfterCommit = (table, _) => table == "WebhookSubscriptions" ? throw new KilledException() : Task.CompletedTask;
        }
        else
        {
            _world.Store.BeforeCommit = (table, _, _) => table == "WebhookSubscriptions" ? throw new KilledException() : Task.CompletedTask;
        }

        await Assert.ThrowsAsync<KilledException>(() => Climb([delivery]));
        Assert.Empty(_world.Alerts.Raised);
        (_world.Store.BeforeCommit, _world.Store.AfterCommit) = (null, null);
        _world.Orchestrations.Starts.Clear();
        _world.Advance(TimeSpan.FromMinutes(3));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);

        Assert.Single(_world.Orchestrations.Starts);
        Assert.IsType<DeliveryStep.Attempt>(await _world.Deliveries.Load(_world.Tenant, delivery.Id, default));
        var posts = _world.Sender.Requests.Count;
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Load(_world.Tenant, delivery.Id, default));
        Assert.Equal(posts, _world.Sender.Requests.Count);
        Assert.Single(_world.Alerts.Raised);
        var subscription = Assert.Single(await _world.Subscriptions.List(_world.Tenant, default));
        Assert.Equal(status == 410 ? SubscriptionStatus.Disabled : SubscriptionStatus.Active, subscription.Status);

        // The tick has nothing left to look for.
        _world.Orchestrations.Starts.Clear();
        _world.Advance(TimeSpan.FromMinutes(5));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Empty(_world.Orchestrations.Starts);
    }

    [Theory]
    [InlineData("WebhookSubscriptions", "secret_0")]
    [InlineData("Payloads", "sealed_0")]
    public async Task What_does_not_open_is_put_off_uncounted_until_it_is_mended(string table, string column)
    {
        var delivery = await OneDelivery();
        var good = await Damage(table, column);
        var wait = Assert.IsType<DeliveryStep.Wait>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Equal(_world.Domain.GetUtcNow() + TimeSpan.FromMinutes(15), wait.Until);
        Assert.Equal(AlertCode.DeliverySealed, Assert.Single(_world.Alerts.Raised).Code);
        Assert.Empty(_world.Sender.Requests);

        await good();
        _world.Advance(TimeSpan.FromMinutes(15));
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Equal(1, Assert.Single((await _world.OnlyDelivery()).Attempts).Number);
    }

    [Fact]
    public async Task What_never_opens_ends_with_the_life_of_its_event()
    {
        var delivery = await OneDelivery();
        await Damage("WebhookSubscriptions", "secret_0");
        _world.Advance(TimeSpan.FromDays(9));
        Assert.IsType<DeliveryStep.Done>(await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default));
        Assert.Equal((DeliveryState.Cancelled, "payload_gone"), (await _world.OnlyDelivery()) is var end ? (end.State, end.CancelReason) : default);
    }

    /// <summary>Breaks what is sealed in a table's rows; the answer mends it.</summary>
    private async Task<Func<Task>> Damage(string table, string column)
    {
        var rows = _world.Store.Inner.Dump().Where(entry => entry.Table.StartsWith(table, StringComparison.Ordinal) && entry.Row.Columns.ContainsKey(column)).ToList();
        await Write(bytes => [.. bytes.Select(value => (byte)(value ^ 1))]);
        return () => Write(bytes => bytes);

        async Task Write(Func<byte[], byte[]> change)
        {
            foreach (var (name, _, row) in rows)
            {
                var columns = new Dictionary<string, object>(row.Columns) { [column] = change((byte[])row.Columns[column]) };
                await _world.Store.Inner.Commit(name, Partition.Of(_world.Tenant), [new RowWrite.Upsert(row.Key, columns)], default);
            }
        }
    }

    private async Task<Delivery> OneDelivery()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        return await _world.OnlyDelivery();
    }

    private async Task Climb(IReadOnlyList<Delivery> deliveries)
    {
        foreach (var rung in RetryLadder.Webhooks.Delays)
        {
            _world.Advance(rung);
            foreach (var delivery in deliveries)
            {
                await _world.Deliveries.Attempt(_world.Tenant, delivery.Id, default);
            }
        }
    }
}
