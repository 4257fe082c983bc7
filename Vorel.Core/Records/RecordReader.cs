using System.Runtime.CompilerServices;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>Reads records. What is missing, another tenant's, or past its window is all the same: not there.</summary>
public sealed class RecordReader(IRowStore store, Clocks clocks)
{
    /// <summary>The largest page of a list.</summary>
    public const int MaxLimit = 100;

    /// <summary>The record.</summary>
    /// <exception cref="NotFoundException">It is not there, or the text is no id.</exception>
    public async Task<RecordRow> Get(TenantId tenant, RecordKind kind, string id, CancellationToken cancellationToken) =>
        (await Find(tenant, kind, id, cancellationToken)).Row;

    /// <summary>A page of records, newest first, or as the kind has it.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cursor">The <c>next_cursor</c> of the page before; null for the first.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ValidationException">The limit is out of range, or the cursor is not one of this tenant's.</exception>
    public async Task<RecordPage> List(TenantId tenant, RecordKind kind, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new ValidationException("?limit", $"must be from 1 to {MaxLimit}");
        }

        var range = RowRange.Prefix(kind.ListedBy is null ? RecordKeys.Prefix(kind) : RecordKeys.ListedPrefix(kind));
        if (cursor is not null)
        {
            range = range.After(await CursorKey(tenant, kind, cursor, cancellationToken));
        }

        var page = new List<RecordRow>(limit);
        var last = "";
        await foreach (var (key, record) in ReadList(tenant, kind, range, cancellationToken))
        {
            if (page.Count == limit)
            {
                return new RecordPage(page, CursorOf(kind, last, page[^1].Id));
            }

            page.Add(record);
            last = key;
        }

        return new RecordPage(page, null);
    }

    internal async Task<Stored<RecordRow>> Find(TenantId tenant, RecordKind kind, string id, CancellationToken cancellationToken) =>
        Uuid7.TryParse(id, out var parsed) && await FindLive(tenant, kind, parsed, cancellationToken) is { } found
            ? found
            : throw new NotFoundException(kind.Name);

    /// <summary>The record unless it is past its window.</summary>
    internal async Task<Stored<RecordRow>?> FindLive(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken) =>
        await FindStored(tenant, kind, id, cancellationToken) is { } stored && !IsExpired(stored.Row) ? stored : null;

    /// <summary>Whether a record is past its window now.</summary>
    internal bool IsExpired(RecordRow record) => record.IsExpired(clocks.Domain.GetUtcNow());

    /// <summary>The record, past its window or not.</summary>
    internal async Task<Stored<RecordRow>?> FindStored(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken) =>
        await store.Get(kind.Table, Partition.Of(tenant), RecordKeys.Record(kind, id), cancellationToken) is { } row
            ? RecordColumns.Read(kind, row)
            : null;

    /// <summary>The message unless it is past its window.</summary>
    internal async Task<Stored<RecordRow>?> FindLiveMessage(TenantId tenant, Guid conversation, long sequence, CancellationToken cancellationToken) =>
        await store.Get(RecordRow.Table, Partition.Of(tenant), RecordKeys.Message(conversation, sequence), cancellationToken) is { } row
        && RecordColumns.Read(RecordKinds.Message, row) is var stored
        && !IsExpired(stored.Row)
            ? stored
            : null;

    /// <summary>A conversation's messages from one number to another, past their window or not, oldest first.</summary>
    internal async IAsyncEnumerable<Stored<RecordRow>> ReadMessages(
        TenantId tenant, Guid conversation, long first, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = RecordKeys.Messages(conversation, first, last);
        await foreach (var row in store.Query(RecordRow.Table, Partition.Of(tenant), range, cancellationToken))
        {
            yield return RecordColumns.Read(RecordKinds.Message, row);
        }
    }

    /// <summary>The records of a range of the list's keys that are not past their window, each with its key in the list.</summary>
    private async IAsyncEnumerable<(string Key, RecordRow Record)> ReadList(
        TenantId tenant, RecordKind kind, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        await foreach (var row in store.Query(kind.Table, Partition.Of(tenant), range, cancellationToken))
        {
            var record = kind.ListedBy is null
                ? RecordColumns.Read(kind, row).Row
                : (await FindStored(tenant, kind, RecordIndexRow.FromColumns(row.Key, new Columns(row.Columns)).Record, cancellationToken))?.Row;
            if (record is not null && !record.IsExpired(now))
            {
                yield return (row.Key, record);
            }
        }
    }

    // The place where a page ended is in the cursor: the record may have moved in the list when the next page is read.
    private static string CursorOf(RecordKind kind, string key, Guid id) =>
        kind.ListedBy is null ? id.ToString("D") : $"{RecordKeys.Place(kind, key)}.{id:D}";

    private async Task<string> CursorKey(TenantId tenant, RecordKind kind, string cursor, CancellationToken cancellationToken)
    {
        // A list by a moment: "{place}.{id}"; any other: the id.
        var (place, text) = kind.ListedBy is null ? ("", cursor)
            : cursor.Length > RecordKeys.PlaceLength && cursor[RecordKeys.PlaceLength] == '.' ? (cursor[..RecordKeys.PlaceLength], cursor[(RecordKeys.PlaceLength + 1)..])
            : throw NoCursor();
        return place.All(char.IsAsciiDigit) && Uuid7.TryParse(text, out var id) && await FindStored(tenant, kind, id, cancellationToken) is not null
            ? kind.ListedBy is null ? RecordKeys.Record(kind, id) : RecordKeys.Listed(kind, place, id)
            : throw NoCursor();

        static ValidationException NoCursor() => new("?cursor", "is not a cursor of this list");
    }
}
