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
    private const int Held = 24;
    private const int AtOnce = 32;

    private readonly RealWorld _one = new(azurite);
    private readonly HashSet<string> _held = [];

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

        Domain.Store.BeforeCommit = HoldUntilAnotherIsDone;
        var handled = (await Task.WhenAll(Task.Run(() => Drain(_one)), Task.Run(() => Drain(other)))).Sum();

        Assert.Equal(Held, _held.Count);
        Assert.True(handled >= Intents + Held, $"Messages did not come back: {handled} were handled.");
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
                var messages = await process.DispatchVisible(AtOnce);
                handled += messages;
                return messages == 0 && await process.Messages() == 0;
            },
            "the queue is empty",
            TimeSpan.FromSeconds(60));
        return handled;
    }

    /// <summary>The first dispatcher is so slow with its first rows that their messages come back before it can mark a leg as done, and the other does it all.</summary>
    private async Task HoldUntilAnotherIsDone(string table, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        var write = writes[0];
        if (table == RecordRow.Table && RecordKeys.IsOutbox(write.Key) && write.Presupposes && IsHeld(write.Key))
        {
            await Eventually.True(
                async () => await Domain.Store.Get<OutboxRow>(Partition.Of(Domain.Tenant), write.Key, cancellationToken) is not { Row.IsTombstone: false },
                "the other dispatcher sends it out",
                TimeSpan.FromSeconds(60));
        }
    }

    private bool IsHeld(string row)
    {
        lock (_held)
        {
            return _held.Contains(row) || (_held.Count < Held && _held.Add(row));
        }
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
