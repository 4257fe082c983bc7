using Vorel.Azure.Tables;
using Vorel.Core.Storage;

namespace Vorel.Azure.Stores;

/// <summary>What a transaction of the storage port must keep to; the in-memory store shares it, so that no test passes with a write that Azure refuses.</summary>
public static class RowTransaction
{
    // Below this the request cannot reach 4 MiB: JSON takes at most some five times what the service counts.
    private const int SurelySmall = 512 * 1024;

    private static readonly Uri s_anyTable = new("https://account.table.core.windows.net/Table");

    /// <summary>Refuses what no table can hold, before anything is written.</summary>
    /// <exception cref="TableLimitException">A limit is exceeded.</exception>
    public static void Check(Partition partition, IReadOnlyList<RowWrite> writes)
    {
        TableLimits.CheckKey(partition.Value, "partition key");
        TableLimits.CheckCount(writes.Count);
        var keys = new HashSet<string>(writes.Count, StringComparer.Ordinal);
        long size = 0;
        foreach (var write in writes)
        {
            TableLimits.CheckKey(write.Key, "row key");
            if (!keys.Add(write.Key))
            {
                throw new TableLimitException("The transaction writes the same row twice.");
            }

            size += Check(partition, write);
        }

        if (size > SurelySmall && writes.Count > 1)
        {
            _ = new TransactionRequest(s_anyTable, [.. writes.Select(write => RowMapping.ToAction(partition, write))], Guid.Empty);
        }
    }

    private static long Check(Partition partition, RowWrite write)
    {
        switch (write)
        {
            case RowWrite.Insert insert:
                return CheckColumns(partition, insert.Key, insert.Columns);
            case RowWrite.Upsert upsert:
                return CheckColumns(partition, upsert.Key, upsert.Columns);
            case RowWrite.Replace replace:
                TableLimits.CheckETag(replace.ETag);
                return CheckColumns(partition, replace.Key, replace.Columns);
            case RowWrite.Delete delete:
                TableLimits.CheckETag(delete.ETag);
                return 0;
            case RowWrite.Require:
                return 0;
            default:
                throw new ArgumentOutOfRangeException(nameof(write), "Unknown kind of write.");
        }
    }

    private static long CheckColumns(Partition partition, string key, IReadOnlyDictionary<string, object> columns)
    {
        var size = TableLimits.CheckColumns(partition.Value, key, columns);
        return columns.FirstOrDefault(column => column.Value is int) is { Key: { } name }
            ? throw new TableLimitException($"Column {name} holds an Int32; rows hold whole numbers as Int64.")
            : size;
    }
}
