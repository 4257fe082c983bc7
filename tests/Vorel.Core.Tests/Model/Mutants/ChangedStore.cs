using System.Runtime.CompilerServices;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>A store that gets other writes, or fewer, than were asked for, and shows other rows than it holds.</summary>
internal class ChangedStore(IRowStore store, Func<string, RowWrite, RowWrite?> change, Func<string, Row, Row> show) : IRowStore
{
    public virtual async Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) =>
        await store.Get(table, partition, key, cancellationToken) is { } row ? show(table, row) : null;

    public virtual async IAsyncEnumerable<Row> Query(
        string table, Partition partition, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.Query(table, partition, range, cancellationToken))
        {
            yield return show(table, row);
        }
    }

    public virtual Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        List<RowWrite> changed = [.. writes.Select(write => change(table, write)).OfType<RowWrite>()];
        return changed.Count == 0 ? Task.CompletedTask : store.Commit(table, partition, changed, cancellationToken);
    }

    public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(HintTable table, RowRange partitions, int take, CancellationToken cancellationToken) =>
        store.ReadHints(table, partitions, take, cancellationToken);

    public Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken) => store.ListTables(family, cancellationToken);

    public Task DropTable(string table, CancellationToken cancellationToken) => store.DropTable(table, cancellationToken);
}
