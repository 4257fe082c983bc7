using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Retention;

/// <summary>Files hints under the hour in which something is over, and reads those whose hour is past.</summary>
internal sealed class PurgeHints(IRowStore store)
{
    /// <summary>
    /// Files the hint that a record's window, or that of messages of this conversation, ends at <paramref name="over"/>, over one
    /// that is filed for the same hour.
    /// </summary>
    public Task File(TenantId tenant, RecordKind kind, Guid id, DateTimeOffset over, CancellationToken cancellationToken) =>
        File(new PurgeIndexRow(tenant, kind.Name, kind.InOrder ? RecordKeys.MessagePrefix(id) : RecordKeys.Record(kind, id)), over, cancellationToken);

    /// <summary>Files the hint of a tenant's idempotency keys in a table that are over in the hour of <paramref name="over"/>.</summary>
    public Task FileKeys(TenantId tenant, string table, DateTimeOffset over, CancellationToken cancellationToken) =>
        File(new PurgeIndexRow(tenant, PurgeIndexRow.IdempotencyKeys, table), over, cancellationToken);

    /// <summary>
    /// Files the hint that a row of operational telemetry is over at <paramref name="over"/>. To be called before the row says
    /// so, and again where it comes to say a later moment: then nobody forgets it.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="table">The row's table, one of <see cref="TelemetryPurge.Tables"/>.</param>
    /// <param name="rowKey">The row's key.</param>
    /// <param name="over">What the row will say (<see cref="IEndingRow.Over"/>).</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task FileTelemetry(TenantId tenant, string table, string rowKey, DateTimeOffset over, CancellationToken cancellationToken) =>
        File(new PurgeIndexRow(tenant, PurgeIndexRow.Telemetry, PurgeIndexRow.KeyOf(table, rowKey)), over, cancellationToken);

    /// <summary>The oldest hints of a shard whose hour is past, from an hour on; at most <paramref name="take"/> rows.</summary>
    public Task<HintPage<PurgeIndexRow>> Read(string shard, string? from, DateTimeOffset now, int take, CancellationToken cancellationToken) =>
        store.ReadHints<PurgeIndexRow>(HintTable.PurgeIndex, PurgeHour.Range(shard, from, PurgeHour.Of(now)), take, cancellationToken);

    /// <summary>Files a row that cannot be read for a later moment, just as it is.</summary>
    public Task Postpone(Partition partition, Row row, DateTimeOffset again, CancellationToken cancellationToken) =>
        store.MoveHint(HintTable.PurgeIndex, partition, row, PurgeHour.PartitionOf(partition, again), cancellationToken);

    /// <summary>
    /// Takes hints of one tenant out of the hours they were read from; those with a moment are filed for it first, so that a
    /// hint is never in neither place.
    /// </summary>
    public async Task Settle(IReadOnlyCollection<(Hint<PurgeIndexRow> Hint, DateTimeOffset? Again)> settled, CancellationToken cancellationToken)
    {
        foreach (var later in settled.Where(one => one.Again is not null).GroupBy(one => PurgeHour.PartitionOf(one.Hint.Row.Tenant, one.Again!.Value)))
        {
            foreach (var rows in later.Select(one => one.Hint.Row).DistinctBy(row => row.RowKey).Chunk(TypedRows.MaxWrites))
            {
                await store.Commit(PurgeIndexRow.Table, later.Key, [.. rows.Select(TypedRows.Upsert)], cancellationToken);
            }
        }

        foreach (var read in settled.Select(one => one.Hint).GroupBy(hint => hint.Partition))
        {
            // Where another sweep was, or one was filed anew, that one stays.
            await store.DeleteUnchanged(
                PurgeIndexRow.Table, read.Key, read.Select(hint => new RowWrite.Delete(hint.Row.RowKey, hint.ETag)), cancellationToken);
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
}
