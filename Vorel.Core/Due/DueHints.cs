using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vorel.Core.Storage;

namespace Vorel.Core.Due;

/// <summary>Files hints under the minute in which they are due, by the domain clock, spread over four shards.</summary>
public sealed class DueHints(IRowStore store)
{
    private const int Shards = 4;

    /// <summary>Files a hint, over one that is filed for the same minute.</summary>
    internal Task File(DueRow hint, CancellationToken cancellationToken) =>
        store.Commit(DueRow.Table, PartitionOf(hint), TypedRows.Upsert(hint), cancellationToken);

    /// <summary>
    /// Files a hint and then makes what it points to. If the clock has passed the hint meanwhile, a tick may have found nothing
    /// behind it and removed it: then it is filed again.
    /// </summary>
    internal async Task<T> FileAround<T>(Func<DateTimeOffset, DueRow> hint, TimeProvider domain, Func<Task<T>> make, CancellationToken cancellationToken)
    {
        var filed = hint(domain.GetUtcNow());
        await File(filed, cancellationToken);
        var made = await make();
        if (domain.GetUtcNow() is var now && now >= filed.DueAt)
        {
            await File(hint(now), cancellationToken);
        }

        return made;
    }

    /// <summary>The oldest hints of all minutes up to and including that of <paramref name="until"/>.</summary>
    internal Task<HintPage<DueRow>> Read(DateTimeOffset until, int take, CancellationToken cancellationToken) =>
        store.ReadHints<DueRow>(HintTable.Due, RowRange.Prefix(Bucket(until)) with { From = null }, take, cancellationToken);

    /// <summary>Removes a hint, unless it was filed anew since it was read.</summary>
    internal Task Remove(Hint<DueRow> hint, CancellationToken cancellationToken) =>
        store.TryDelete(DueRow.Table, hint.Partition, hint.Row.RowKey, hint.ETag, cancellationToken);

    /// <summary>Files a hint for a later moment and removes it here; in this order, so that it is never in neither place.</summary>
    internal async Task Postpone(Hint<DueRow> hint, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var later = hint.Row with { DueAt = dueAt };
        await File(later, cancellationToken);
        if (PartitionOf(later) != hint.Partition)
        {
            await Remove(hint, cancellationToken);
        }
    }

    /// <summary>Files a hint that cannot be read for a later moment, just as it is.</summary>
    internal Task Postpone(Partition partition, Row row, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        store.MoveHint(HintTable.Due, partition, row, PartitionOf(row.Key, dueAt), cancellationToken);

    private static string Bucket(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);

    private static Partition PartitionOf(DueRow hint) => PartitionOf(hint.RowKey, hint.DueAt);

    private static Partition PartitionOf(string rowKey, DateTimeOffset dueAt)
    {
        var shard = SHA256.HashData(Encoding.UTF8.GetBytes(rowKey))[0] % Shards;
        return Partition.Due(string.Create(CultureInfo.InvariantCulture, $"{Bucket(dueAt)}{shard:x2}"));
    }
}
