using System.Runtime.CompilerServices;
using Vorel.Core.Storage;
using Vorel.Testing;

namespace Vorel.Core.Tests.Support;

/// <summary>A store whose commits a test may watch, hold up, refuse, or let happen and then lose the answer of.</summary>
internal sealed class FaultyRowStore(IRowStore store, FaultPlan plan) : IRowStore
{
    /// <summary>What is behind, where that is memory.</summary>
    public InMemoryRowStore Inner => (InMemoryRowStore)store;

    /// <summary>Runs before a commit reaches the store.</summary>
    public Func<string, IReadOnlyList<RowWrite>, CancellationToken, Task>? BeforeCommit { get; set; }

    /// <summary>Runs after the store has committed, before the caller hears of it.</summary>
    public Func<string, IReadOnlyList<RowWrite>, Task>? AfterCommit { get; set; }

    public Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) =>
        plan.Run(() => store.Get(table, partition, key, cancellationToken));

    public async IAsyncEnumerable<Row> Query(
        string table, Partition partition, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await plan.Run(async () =>
        {
            var read = new List<Row>();
            await foreach (var row in store.Query(table, partition, range, cancellationToken))
            {
                read.Add(row);
            }

            return read;
        });
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    public Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) => plan.Run(async () =>
    {
        await (BeforeCommit?.Invoke(table, writes, cancellationToken) ?? Task.CompletedTask);
        await store.Commit(table, partition, writes, cancellationToken);
        await (AfterCommit?.Invoke(table, writes) ?? Task.CompletedTask);
    });

    public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(HintTable table, RowRange partitions, int take, CancellationToken cancellationToken) =>
        plan.Run(() => store.ReadHints(table, partitions, take, cancellationToken));

    public Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken) =>
        plan.Run(() => store.ListTables(family, cancellationToken));

    public Task DropTable(string table, CancellationToken cancellationToken) => plan.Run(() => store.DropTable(table, cancellationToken));
}
