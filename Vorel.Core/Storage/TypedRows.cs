using System.Runtime.CompilerServices;

namespace Vorel.Core.Storage;

/// <summary>Typed rows over <see cref="IRowStore"/>. Where rows are spread over tables by time, the caller names the table.</summary>
public static class TypedRows
{
    /// <summary>How many writes a transaction holds at most.</summary>
    internal const int MaxWrites = 100;

    /// <summary>The row, or null.</summary>
    public static Task<Stored<T>?> Get<T>(this IRowStore store, Partition partition, string key, CancellationToken cancellationToken)
        where T : class, IRow<T> => store.Get<T>(T.Table, partition, key, cancellationToken);

    /// <summary>The row of a named table, or null.</summary>
    public static async Task<Stored<T>?> Get<T>(this IRowStore store, string table, Partition partition, string key, CancellationToken cancellationToken)
        where T : class, IRow<T>
    {
        var row = await store.Get(table, partition, key, cancellationToken);
        return row is null ? null : Read<T>(row);
    }

    /// <summary>The rows of a range, in the order of their keys.</summary>
    public static IAsyncEnumerable<Stored<T>> Query<T>(this IRowStore store, Partition partition, RowRange range, CancellationToken cancellationToken)
        where T : class, IRow<T> => store.Query<T>(T.Table, partition, range, cancellationToken);

    /// <summary>The rows of a range of a named table, in the order of their keys.</summary>
    public static async IAsyncEnumerable<Stored<T>> Query<T>(
        this IRowStore store, string table, Partition partition, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IRow<T>
    {
        await foreach (var row in store.Query(table, partition, range, cancellationToken).WithCancellation(cancellationToken))
        {
            yield return Read<T>(row);
        }
    }

    /// <summary>Writes one row alone.</summary>
    public static Task Commit(this IRowStore store, string table, Partition partition, RowWrite write, CancellationToken cancellationToken) =>
        store.Commit(table, partition, [write], cancellationToken);

    /// <summary>Adds a row alone. False when its key is taken.</summary>
    public static async Task<bool> TryInsert<T>(this IRowStore store, string table, Partition partition, T row, CancellationToken cancellationToken)
        where T : class, IRow<T>
    {
        try
        {
            await store.Commit(table, partition, Insert(row), cancellationToken);
            return true;
        }
        catch (RowConflictException conflict) when (conflict.Conflict == RowConflict.AlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Replaces a row alone if nobody changed it. False when somebody did, or when it is gone.</summary>
    public static async Task<bool> TryReplace<T>(this IRowStore store, string table, Partition partition, Stored<T> stored, CancellationToken cancellationToken)
        where T : class, IRow<T>
    {
        try
        {
            await store.Commit(table, partition, Replace(stored), cancellationToken);
            return true;
        }
        catch (RowConflictException)
        {
            return false;
        }
    }

    /// <summary>Deletes a row alone if it still has this version. False when it changed or is gone.</summary>
    public static async Task<bool> TryDelete(this IRowStore store, string table, Partition partition, string key, string etag, CancellationToken cancellationToken)
    {
        try
        {
            await store.Commit(table, partition, new RowWrite.Delete(key, etag), cancellationToken);
            return true;
        }
        catch (RowConflictException)
        {
            return false;
        }
    }

    /// <summary>Deletes those of these rows of one partition that still have their versions, in as few transactions as may be.</summary>
    public static async Task DeleteUnchanged(
        this IRowStore store, string table, Partition partition, IEnumerable<RowWrite.Delete> deletes, CancellationToken cancellationToken)
    {
        foreach (var some in deletes.Chunk(MaxWrites))
        {
            try
            {
                await store.Commit(table, partition, some, cancellationToken);
            }
            catch (RowConflictException)
            {
                // Somebody else was at one of them: each for itself.
                foreach (var delete in some)
                {
                    await store.TryDelete(table, partition, delete.Key, delete.ETag, cancellationToken);
                }
            }
        }
    }

    /// <summary>Adds a row.</summary>
    public static RowWrite Insert<T>(T row)
        where T : class, IRow<T> => new RowWrite.Insert(row.RowKey, row.ToColumns().Values);

    /// <summary>Replaces a row that still has the version it was read with.</summary>
    public static RowWrite Replace<T>(Stored<T> stored)
        where T : class, IRow<T> => new RowWrite.Replace(stored.Row.RowKey, stored.ETag, stored.Row.ToColumns().Values);

    /// <summary>Adds a row or replaces whatever is there.</summary>
    public static RowWrite Upsert<T>(T row)
        where T : class, IRow<T> => new RowWrite.Upsert(row.RowKey, row.ToColumns().Values);

    /// <summary>Deletes a row that still has the version it was read with.</summary>
    public static RowWrite Delete<T>(Stored<T> stored)
        where T : class, IRow<T> => new RowWrite.Delete(stored.Row.RowKey, stored.ETag);

    private static Stored<T> Read<T>(Row row)
        where T : class, IRow<T> => new(T.FromColumns(row.Key, new Columns(row.Columns)), row.ETag);
}
