using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>A store that gets other writes, or fewer, than were asked for.</summary>
internal class ChangedStore(IRowStore store, Func<string, RowWrite, RowWrite?> change) : IRowStore
{
    public virtual Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) =>
        store.Get(table, partition, key, cancellationToken);

    public IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken) =>
        store.Query(table, partition, range, cancellationToken);

    public Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        List<RowWrite> changed = [.. writes.Select(write => change(table, write)).OfType<RowWrite>()];
        return changed.Count == 0 ? Task.CompletedTask : store.Commit(table, partition, changed, cancellationToken);
    }

    public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(HintTable table, string lastPartitionPrefix, int take, CancellationToken cancellationToken) =>
        store.ReadHints(table, lastPartitionPrefix, take, cancellationToken);
}
