using System.Collections.Concurrent;
using Vorel.Core.Errors;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Domain;

/// <summary>Commits and dispatchers let loose on the same rows at the same moment: of each two one wins, and the caller is told which.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "crash")]
public sealed class CommitAgainstTombstoneTests(AzuriteFixture azurite)
{
    private const int Pairs = 200;
    private const int AtOnce = 8;

    private readonly RealWorld _real = new(azurite);
    private readonly ConcurrentDictionary<string, Pair> _pairs = new();
    private int _met;

    private World Domain => _real.Domain;

    [Fact]
    public async Task In_each_of_many_pairs_one_wins_and_the_caller_is_told_which()
    {
        await Domain.Subscribe("conversation.created");
        Domain.Store.BeforeCommit = Meet;
        Domain.Store.AfterCommit = Stands;
        var accepted = new ConcurrentBag<string>();
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Pairs), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            try
            {
                accepted.Add((await Domain.Create(RecordKinds.Conversation, $$"""{"channel":"voice","customer_identifier":"{{number}}"}""")).Record.RowKey);
            }
            catch (UnavailableException)
            {
                Interlocked.Increment(ref refused);
            }
        });
        await Task.WhenAll(_pairs.Values.Select(pair => pair.Burying));

        Assert.Equal((Pairs, Pairs), (_pairs.Count, accepted.Count + refused));

        // Of every four pairs, one is certain to be refused and one to be accepted; the other two race.
        Assert.InRange(refused, Pairs / 4, Pairs - (Pairs / 4));
        await AssertAgrees(accepted, refused);

        // The intents of all of them come once more, or for the first time.
        Domain.Store.BeforeCommit = null;
        Domain.Store.AfterCommit = null;
        await Eventually.True(
            async () => await _real.DispatchVisible() == 0 && await _real.Messages() == 0, "the queue is empty", TimeSpan.FromSeconds(60));
        await AssertAgrees(accepted, refused: null);

        Domain.Advance(TimeSpan.FromMinutes(11));
        await Eventually.True(
            async () => (await Domain.Tick.Run(Domain.Domain.GetUtcNow(), default)).Handled == 0, "every hint is looked into", TimeSpan.FromSeconds(30));
        Assert.Empty(await _real.Keys(RecordRow.Table, "outbox|"));
    }

    /// <summary>What stands is what was accepted: so many records, each with its one event, and a tombstone for each that was refused.</summary>
    private async Task AssertAgrees(ConcurrentBag<string> accepted, int? refused)
    {
        Assert.Equal(accepted.Order(StringComparer.Ordinal), await _real.Keys(RecordRow.Table, "conversation|"));
        var deliveries = await _real.Keys(DeliveryIds.TableOf(Domain.Domain.GetUtcNow()));
        Assert.Equal(accepted.Count, deliveries.Count);
        var rows = await Domain.Store.Query<OutboxRow>(Partition.Of(Domain.Tenant), RowRange.Prefix("outbox|"), default).ToListAsync();
        Assert.All(rows, row => Assert.True(row.Row.IsTombstone));
        Assert.Equal(refused ?? rows.Count, rows.Count);
    }

    /// <summary>As soon as a commit is on its way a dispatcher takes its intent; the two come before the row as the pair has it.</summary>
    private Task Meet(string table, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        if (!IsOutbox(table, writes))
        {
            return Task.CompletedTask;
        }

        var row = writes[0].Key;
        if (writes.Count == 1)
        {
            return _pairs[row].Tombstone(cancellationToken);
        }

        var pair = new Pair(Interlocked.Increment(ref _met));
        _pairs[row] = pair;
        pair.Burying = Task.Run(() => Domain.NewFanOut().Handle(Domain.Tenant, row, CancellationToken.None), CancellationToken.None);
        return pair.Commit(cancellationToken);
    }

    private Task Stands(string table, IReadOnlyList<RowWrite> writes)
    {
        if (IsOutbox(table, writes))
        {
            _pairs[writes[0].Key].LetGo();
        }

        return Task.CompletedTask;
    }

    private static bool IsOutbox(string table, IReadOnlyList<RowWrite> writes) =>
        table == RecordRow.Table && writes[0].Key.StartsWith("outbox|", StringComparison.Ordinal);

    /// <summary>Of every four pairs the commit stands before the tombstone comes, the tombstone before the commit, the two are let go at once, or run as they come.</summary>
    private sealed class Pair(int number)
    {
        private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

        private readonly TaskCompletionSource _other = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private enum Order
        {
            CommitFirst,
            TombstoneFirst,
            AtOnce,
            AsTheyCome,
        }

        public Task Burying { get; set; } = Task.CompletedTask;

        private Order Of => (Order)(number % 4);

        public Task Commit(CancellationToken cancellationToken) =>
            Of is Order.TombstoneFirst or Order.AtOnce ? _other.Task.WaitAsync(s_longest, cancellationToken) : Task.CompletedTask;

        public Task Tombstone(CancellationToken cancellationToken)
        {
            if (Of == Order.AtOnce)
            {
                LetGo();
            }

            return Of == Order.CommitFirst ? _other.Task.WaitAsync(s_longest, cancellationToken) : Task.CompletedTask;
        }

        /// <summary>Lets go the one that waits for the other.</summary>
        public void LetGo() => _other.TrySetResult();
    }
}
