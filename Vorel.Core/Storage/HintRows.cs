namespace Vorel.Core.Storage;

/// <summary>Hints of one table, read across partitions. One that cannot be read stands in nobody's way: it is told, and moved as it is.</summary>
internal static class HintRows
{
    /// <summary>The hints of these partitions, in the order of the partitions' keys; at most <paramref name="take"/> rows.</summary>
    public static async Task<HintPage<T>> ReadHints<T>(
        this IRowStore store, HintTable table, RowRange partitions, int take, CancellationToken cancellationToken)
        where T : class, IRow<T>
    {
        var hints = new List<Hint<T>>();
        var unreadable = new List<(Partition Partition, Row Row)>();
        foreach (var (partition, row) in await store.ReadHints(table, partitions, take, cancellationToken))
        {
            if (Parse<T>(row) is { } hint)
            {
                hints.Add(new Hint<T>(partition, hint, row.ETag));
            }
            else
            {
                unreadable.Add((partition, row));
            }
        }

        return new HintPage<T>(hints, unreadable);
    }

    /// <summary>Files a row in another partition, just as it is, and removes it where it was; in this order, so that it is never in neither place.</summary>
    public static async Task MoveHint(this IRowStore store, HintTable table, Partition from, Row row, Partition to, CancellationToken cancellationToken)
    {
        await store.Commit(table.ToString(), to, new RowWrite.Upsert(row.Key, row.Columns), cancellationToken);
        await store.TryDelete(table.ToString(), from, row.Key, row.ETag, cancellationToken);
    }

    /// <summary>The hint; null when the row is none, or names another than itself, which could then never be removed.</summary>
    private static T? Parse<T>(Row row)
        where T : class, IRow<T>
    {
        try
        {
            var hint = T.FromColumns(row.Key, new Columns(row.Columns));
            return hint.RowKey == row.Key ? hint : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}

/// <summary>A hint as it was read.</summary>
internal sealed record Hint<T>(Partition Partition, T Row, string ETag);

/// <summary>Hints that were read together, and rows among them that are none of this version's.</summary>
internal sealed record HintPage<T>(IReadOnlyList<Hint<T>> Hints, IReadOnlyList<(Partition Partition, Row Row)> Unreadable)
{
    /// <summary>How many rows were read.</summary>
    public int Count => Hints.Count + Unreadable.Count;
}
