using System.Runtime.CompilerServices;
using Vorel.Azure.Stores;
using Vorel.Core.Storage;

namespace Vorel.Testing;

/// <summary>Tables in memory with the semantics of the real ones: ETags, atomic transactions, ordinal ranges, the same limits.</summary>
public sealed class InMemoryRowStore : IRowStore
{
    private const int PageSize = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<string, PartitionRows>> _tables = new(StringComparer.Ordinal);
    private long _versions;

    /// <summary>The names of the tables that hold rows.</summary>
    public IReadOnlyList<string> Tables
    {
        get
        {
            lock (_gate)
            {
                return [.. _tables.Where(table => table.Value.Values.Any(rows => rows.Count > 0)).Select(table => table.Key).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <inheritdoc/>
    public Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(Find(table, partition.Value)?.Find(key));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Row> Query(
        string table, Partition partition, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Page by page, as the real store: rows written meanwhile may or may not be seen.
        IReadOnlyList<Row> page;
        do
        {
            await Task.CompletedTask;
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
            {
                page = Find(table, partition.Value)?.Read(range, PageSize) ?? [];
            }

            foreach (var row in page)
            {
                yield return row;
                range = range.After(row.Key);
            }
        }
        while (page.Count == PageSize);
    }

    /// <inheritdoc/>
    public Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RowTransaction.Check(partition, writes);
        lock (_gate)
        {
            // A refused transaction makes no table.
            var found = Find(table, partition.Value) ?? new PartitionRows();
            for (var i = 0; i < writes.Count; i++)
            {
                if (found.Conflict(writes[i]) is { } conflict)
                {
                    throw new RowConflictException(i, conflict);
                }
            }

            var rows = FindOrAdd(table, partition.Value);
            foreach (var write in writes)
            {
                rows.Apply(write, $"W/\"{++_versions}\"");
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(
        HintTable table, RowRange partitions, int take, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var stored = _tables.GetValueOrDefault(table.ToString()) ?? [];
            return Task.FromResult<IReadOnlyList<(Partition, Row)>>([.. stored
                .SkipWhile(partition => string.CompareOrdinal(partition.Key, partitions.From) < 0)
                .TakeWhile(partition => partitions.To is null || string.CompareOrdinal(partition.Key, partitions.To) < 0)
                .SelectMany(partition => partition.Value.Read(RowRange.All, take).Select(row => (table.PartitionOf(partition.Key), row)))
                .Take(take)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. _tables.Keys.Where(name => name.StartsWith(family, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
        }
    }

    /// <inheritdoc/>
    public Task DropTable(string table, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _tables.Remove(table);
        }

        return Task.CompletedTask;
    }

    /// <summary>Everything that is stored, for tests that compare before and after or search for what must not be there.</summary>
    public IReadOnlyList<(string Table, string Partition, Row Row)> Dump()
    {
        lock (_gate)
        {
            return [.. _tables.OrderBy(table => table.Key, StringComparer.Ordinal).SelectMany(table => table.Value.SelectMany(
                partition => partition.Value.Read(RowRange.All, int.MaxValue).Select(row => (table.Key, partition.Key, row))))];
        }
    }

    private PartitionRows? Find(string table, string partition) => _tables.GetValueOrDefault(table)?.GetValueOrDefault(partition);

    private PartitionRows FindOrAdd(string table, string partition)
    {
        if (!_tables.TryGetValue(table, out var partitions))
        {
            _tables[table] = partitions = new(StringComparer.Ordinal);
        }

        if (!partitions.TryGetValue(partition, out var rows))
        {
            partitions[partition] = rows = new PartitionRows();
        }

        return rows;
    }
}
