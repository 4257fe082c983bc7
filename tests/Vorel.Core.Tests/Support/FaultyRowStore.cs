using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Core.Tests.Support;

/// <summary>A store whose commits a test may watch, hold up, refuse, or let happen and then lose the answer of.</summary>
internal sealed class FaultyRowStore(InMemoryRowStore inner) : IRowStore
{
    public InMemoryRowStore Inner { get; } = inner;

    /// <summary>Runs before a commit reaches the store.</summary>
    public Func<string, IReadOnlyList<RowWrite>, CancellationToken, Task>? BeforeCommit { get; set; }

    /// <summary>Runs after the store has committed, before the caller hears of it.</summary>
    public Func<string, IReadOnlyList<RowWrite>, Task>? AfterCommit { get; set; }

    public int Commits { get; private set; }

    public Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) =>
        Inner.Get(table, partition, key, cancellationToken);

    public IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken) =>
        Inner.Query(table, partition, range, cancellationToken);

    public async Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        Commits++;
        await (BeforeCommit?.Invoke(table, writes, cancellationToken) ?? Task.CompletedTask);
        await Inner.Commit(table, partition, writes, cancellationToken);
        await (AfterCommit?.Invoke(table, writes) ?? Task.CompletedTask);
    }

    public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(HintTable table, string lastPartitionPrefix, int take, CancellationToken cancellationToken) =>
        Inner.ReadHints(table, lastPartitionPrefix, take, cancellationToken);
}
