using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Domain;

/// <summary>Two processes' worth of dispatchers drain one queue whose messages come back while they are being handled.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "crash")]
public sealed class TwoDispatchersTests(AzuriteFixture azurite)
{
    private const int Intents = 200;
    private const int Loops = 4;

    private readonly RealWorld _one = new(azurite);

    private World Domain => _one.Domain;

    [Fact]
    public async Task Every_event_goes_out_once_to_each_subscription_and_nothing_is_left()
    {
        await Domain.Subscribe("conversation.created");
        await Domain.Subscribe("conversation.created");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Intents),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (number, _) => await Domain.Create(RecordKinds.Conversation, $$"""{"channel":"voice","customer_identifier":"{{number}}"}"""));
        var other = _one.Another();

        // A loop takes as much as it can and is a second or more at it; a message is hidden for one.
        var handled = (await Task.WhenAll(Enumerable.Range(0, Loops).Select(loop => Task.Run(() => Drain(loop % 2 == 0 ? _one : other))))).Sum();

        Assert.True(handled > Intents, $"No message came back: {handled} were handled.");
        var deliveries = await Domain.Store
            .Query<DeliveryRow>(DeliveryIds.TableOf(Domain.Domain.GetUtcNow()), Partition.Of(Domain.Tenant), RowRange.All, default)
            .Select(stored => stored.Row)
            .ToListAsync();
        Assert.Equal(2 * Intents, deliveries.Count);
        Assert.Equal(Intents, deliveries.Select(delivery => delivery.EventId).Distinct().Count());
        Assert.All(deliveries.GroupBy(delivery => delivery.EventId), both => Assert.Equal(2, both.Select(delivery => delivery.Subscription).Distinct().Count()));
        Assert.Equal(
            deliveries.Select(delivery => DeliveryIds.InstanceOf(delivery.Id)).Order(StringComparer.Ordinal),
            Domain.Orchestrations.Starts.Concat(other.Domain.Orchestrations.Starts).Select(start => start.Instance).Distinct().Order(StringComparer.Ordinal));
        await AssertNothingIsLeft();
    }

    /// <summary>Takes and handles until the queue is empty, hidden messages included; how many messages it handled.</summary>
    private static async Task<int> Drain(RealWorld process)
    {
        var handled = 0;
        await Eventually.True(
            async () =>
            {
                var messages = await process.DispatchVisible();
                handled += messages;
                return messages == 0 && await process.Messages() == 0;
            },
            "the queue is empty",
            TimeSpan.FromSeconds(60));
        return handled;
    }

    private async Task AssertNothingIsLeft()
    {
        var rows = await Domain.Store.Query<OutboxRow>(Partition.Of(Domain.Tenant), RowRange.Prefix("outbox|"), default).ToListAsync();
        Assert.All(rows, row => Assert.True(row.Row.IsTombstone));
        Domain.Advance(TimeSpan.FromMinutes(11));
        await Eventually.True(
            async () => (await Domain.Tick.Run(Domain.Domain.GetUtcNow(), default)).Handled == 0, "every hint is looked into", TimeSpan.FromSeconds(30));
        Assert.Empty(await _one.Keys(RecordRow.Table, "outbox|"));
    }
}
