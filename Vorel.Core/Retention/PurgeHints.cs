using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>Files hints under the hour in which something is over, and reads those whose hour is past.</summary>
internal sealed class PurgeHints(IRowStore store)
{
    private const int MaxWrites = 100;

    /// <summary>
    /// Files the hint that a record's window, or that of messages of this conversation, ends at <paramref name="over"/>, over one
    /// that is filed for the same hour.
    /// </summary>
    public Task File(TenantId tenant, RecordKind kind, Guid id, DateTimeOffset over, CancellationToken cancellationToken) =>
        File(new PurgeIndexRow(tenant, kind.Name, kind.InOrder ? RecordKeys.MessagePrefix(id) : RecordKeys.Record(kind, id)), over, cancellationToken);

    /// <summary>Files the hint of a tenant's idempotency keys in a table that are over in the hour of <paramref name="over"/>.</summary>
    public Task FileKeys(TenantId tenant, string table, DateTimeOffset over, CancellationToken cancellationToken) =>
        File(new PurgeIndexRow(tenant, PurgeIndexRow.IdempotencyKeys, table), over, cancellationToken);

    /// <summary>The oldest hints of a shard whose hour is past, from an hour on; at most <paramref name="take"/>.</summary>
    public async Task<IReadOnlyList<PurgeHint>> Read(string shard, string? from, DateTimeOffset now, int take, CancellationToken cancellationToken) =>
        [.. (await store.ReadHints(HintTable.PurgeIndex, PurgeHour.Range(shard, from, PurgeHour.Of(now)), take, cancellationToken))
            .Select(entry => new PurgeHint(entry.Partition, PurgeIndexRow.FromColumns(entry.Row.Key, new Columns(entry.Row.Columns)), entry.Row.ETag))];

    /// <summary>
    /// Takes hints of one tenant out of the hours they were read from; those with a moment are filed for it first, so that a
    /// hint is never in neither place.
    /// </summary>
    public async Task Settle(IReadOnlyCollection<(PurgeHint Hint, DateTimeOffset? Again)> settled, CancellationToken cancellationToken)
    {
        foreach (var later in settled.Where(one => one.Again is not null).GroupBy(one => PurgeHour.PartitionOf(one.Hint.Row.Tenant, one.Again!.Value)))
        {
            foreach (var rows in later.Select(one => one.Hint.Row).DistinctBy(row => row.RowKey).Chunk(MaxWrites))
            {
                await store.Commit(PurgeIndexRow.Table, later.Key, [.. rows.Select(TypedRows.Upsert)], cancellationToken);
            }
        }

        foreach (var read in settled.Select(one => one.Hint).GroupBy(hint => hint.Partition))
        {
            foreach (var hints in read.Chunk(MaxWrites))
            {
                await Remove(read.Key, hints, cancellationToken);
            }
        }
    }

    /// <summary>Where each shard is to be read from.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadMarks(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var mark in store.Query<SweepMarkRow>(SweepMarkRow.Partition, RowRange.All, cancellationToken))
        {
            // Yesterday's counts no more, nor one that a clock left which ran ahead: so whatever lands behind a mark, by clocks
            // that jump or differ, is found within a day.
            if (mark.Row.Hour[..8] == PurgeHour.Of(now)[..8] && string.CompareOrdinal(mark.Row.Hour, PurgeHour.Of(now)) <= 0)
            {
                marks[mark.Row.RowKey] = mark.Row.Hour;
            }
        }

        return marks;
    }

    /// <summary>Keeps that these shards hold nothing before the hour of <paramref name="now"/>.</summary>
    public async Task WriteMarks(IReadOnlyCollection<string> shards, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (shards.Count > 0)
        {
            var rows = shards.Select(shard => TypedRows.Upsert(new SweepMarkRow(shard, PurgeHour.Of(now))));
            await store.Commit(SweepMarkRow.Table, SweepMarkRow.Partition, [.. rows], cancellationToken);
        }
    }

    private Task File(PurgeIndexRow hint, DateTimeOffset over, CancellationToken cancellationToken) =>
        store.Commit(PurgeIndexRow.Table, PurgeHour.PartitionOf(hint.Tenant, over), TypedRows.Upsert(hint), cancellationToken);

    private async Task Remove(Partition partition, IReadOnlyList<PurgeHint> hints, CancellationToken cancellationToken)
    {
        try
        {
            await store.Commit(PurgeIndexRow.Table, partition, [.. hints.Select(hint => new RowWrite.Delete(hint.Row.RowKey, hint.ETag))], cancellationToken);
        }
        catch (RowConflictException)
        {
            // Another sweep was here, or one was filed anew, which then stays: each for itself.
            foreach (var hint in hints)
            {
                await store.TryDelete(PurgeIndexRow.Table, partition, hint.Row.RowKey, hint.ETag, cancellationToken);
            }
        }
    }
}

/// <summary>A hint as it was read.</summary>
internal sealed record PurgeHint(Partition Partition, PurgeIndexRow Row, string ETag);
