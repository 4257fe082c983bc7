using System.Globalization;
using System.Text;
using Vorel.Core.Errors;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>
/// The rows that keep a kind's unique fields unique, and that sort its lists. As long as a record is stored, its index rows point to it: who takes one
/// over from a record past its window removes that record in the same transaction, or, if it has to stay, says in it that it has none any more. So the retention sweep need not read an
/// index row to know whose it is.
/// </summary>
internal sealed class RecordIndex(IRowStore store, RecordReader reader, IndexKey digests)
{
    private readonly OwedMessages _owed = new(store);

    /// <summary>All index rows of a record: what it says decides, so whoever changes or removes it knows what belongs to it.</summary>
    public IReadOnlyList<RecordIndexRow> RowsOf(TenantId tenant, RecordRow record) =>
    [
        .. record.Kind.Unique.Where(unique => !record.Displaced && unique.Fields.All(record.Values.ContainsKey)).Select(unique => RowOf(tenant, record, unique)),
        .. record.Kind.ListedBy is { } field ? [new RecordIndexRow(RecordKeys.Listed(record.Kind, (DateTimeOffset)record.Values[field], record.Id), record.Id)] : Array.Empty<RecordIndexRow>(),
    ];

    /// <summary>The record that has the same unique fields as <paramref name="record"/>, unless that one is past its window.</summary>
    public async Task<Stored<RecordRow>?> FindOwner(TenantId tenant, RecordRow record, UniqueFields unique, CancellationToken cancellationToken) =>
        await store.Get<RecordIndexRow>(Partition.Of(tenant), RowOf(tenant, record, unique).RowKey, cancellationToken) is { } stored
            ? await reader.FindLive(tenant, record.Kind, stored.Row.Record, cancellationToken)
            : null;

    /// <summary>The writes that take a record's index rows from what it was (null at creation) to what it will be.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">The record as it is.</param>
    /// <param name="after">The record as it will be.</param>
    /// <param name="look">Whether to look what is in the way, as after a conflict: a row of a record past its window is taken over.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ConflictException">A row belongs to another record.</exception>
    public async Task<IReadOnlyList<RowWrite>> Move(TenantId tenant, RecordRow? before, RecordRow after, bool look, CancellationToken cancellationToken)
    {
        IReadOnlyList<RecordIndexRow> old = before is null ? [] : RowsOf(tenant, before);
        var next = RowsOf(tenant, after);
        var writes = new List<RowWrite>();
        foreach (var row in next.Except(old))
        {
            writes.AddRange(look ? await Take(tenant, after.Kind, row, next, cancellationToken) : [TypedRows.Insert(row)]);
        }

        foreach (var row in old.Except(next))
        {
            // One that is missing must not keep the record from being changed.
            if (await store.Get<RecordIndexRow>(Partition.Of(tenant), row.RowKey, cancellationToken) is { } stored && stored.Row == row)
            {
                writes.Add(TypedRows.Delete(stored));
            }
        }

        return [.. writes.DistinctBy(write => write.Key)];
    }

    private async Task<IReadOnlyList<RowWrite>> Take(
        TenantId tenant, RecordKind kind, RecordIndexRow row, IReadOnlyList<RecordIndexRow> mine, CancellationToken cancellationToken)
    {
        if (await store.Get<RecordIndexRow>(Partition.Of(tenant), row.RowKey, cancellationToken) is not { } taken)
        {
            return [TypedRows.Insert(row)];
        }

        List<RowWrite> writes = [TypedRows.Replace(taken with { Row = row })];
        if (taken.Row.Record != row.Record && await reader.FindStored(tenant, kind, taken.Row.Record, cancellationToken) is { } before)
        {
            if (!reader.IsExpired(before.Row))
            {
                throw new ConflictException(kind.DuplicateMessage);
            }

            var displaced = before.Row with { Displaced = true };
            var owed = kind == RecordKinds.Conversation && (await _owed.Of(tenant, [before.Row.Id], cancellationToken)).Count > 0;
            writes.Add(owed
                ? new RowWrite.Replace(before.Row.RowKey, before.ETag, RecordColumns.Write(displaced))
                : new RowWrite.Delete(before.Row.RowKey, before.ETag));
            writes.AddRange(RowsOf(tenant, before.Row)
                .Except(owed ? RowsOf(tenant, displaced) : [])
                .Where(other => mine.All(own => own.RowKey != other.RowKey))
                .Select(other => new RowWrite.Delete(other.RowKey, "*")));
        }

        return writes;
    }

    private RecordIndexRow RowOf(TenantId tenant, RecordRow record, UniqueFields unique)
    {
        var value = new StringBuilder();
        foreach (var name in unique.Fields)
        {
            // Each value with its length, so that no two lists of values read the same.
            var text = unique.Normalise(Convert.ToString(record.Values[name], CultureInfo.InvariantCulture)!);
            value.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
        }

        return new RecordIndexRow(RecordKeys.Index(record.Kind, digests.Digest(tenant, unique.Name, value.ToString())), record.Id);
    }
}
