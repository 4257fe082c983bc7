using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Outbox;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>Creates and changes records of every kind; each write commits with its events and with what the CRM is owed.</summary>
public sealed class RecordService(IRowStore store, OutboxWriter outbox, RecordReader reader, IndexKey digests, IdSource ids, Clocks clocks)
{
    /// <summary>Of many who change one record at once, one gets through each time; a conversation changes with each message.</summary>
    internal const int MaxTries = 30;

    private const int Created = 201;
    private const int Changed = 200;

    private readonly RecordIndex _index = new(store, reader, digests);
    private readonly IdempotencyLedger _ledger = new(store, reader, digests, clocks);

    /// <summary>Creates a record.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="body">The request, read by <see cref="Json.StrictJson"/>.</param>
    /// <param name="key">The caller's Idempotency-Key, if any.</param>
    /// <param name="cancellationToken">Cancels what comes before the commit.</param>
    /// <exception cref="ValidationException">The body is wrong.</exception>
    /// <exception cref="NotFoundException">It refers to a record that is not there; the exception names its kind.</exception>
    /// <exception cref="ConflictException">There is a record with the same unique fields.</exception>
    /// <exception cref="IdempotencyConflictException">The key was used with another request.</exception>
    /// <exception cref="UnavailableException">The record was not made; or, where the store stayed away to the end, that is not known.</exception>
    public Task<RecordAnswer> Create(TenantId tenant, RecordKind kind, JsonElement body, IdempotencyKey? key, CancellationToken cancellationToken) =>
        Answer(() => TryCreate(tenant, RecordInput.ForCreate(kind, body), body, key, cancellationToken));

    /// <summary>Changes a record. A request that changes nothing emits nothing, and writes nothing but the use of its key.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="id">The record's id as the caller wrote it.</param>
    /// <param name="body">The request, read by <see cref="Json.StrictJson"/>.</param>
    /// <param name="key">The caller's Idempotency-Key, if any.</param>
    /// <param name="cancellationToken">Cancels what comes before the commit.</param>
    /// <exception cref="ValidationException">The body is wrong.</exception>
    /// <exception cref="NotFoundException">The record is not there.</exception>
    /// <exception cref="ConflictException">Others changed the record again and again meanwhile.</exception>
    /// <exception cref="IdempotencyConflictException">The key was used with another request.</exception>
    /// <exception cref="UnavailableException">The record was not changed; or, where the store stayed away to the end, that is not known.</exception>
    public Task<RecordAnswer> Patch(TenantId tenant, RecordKind kind, string id, JsonElement body, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        return Answer(() =>
        {
            var input = RecordInput.ForPatch(kind, body);
            return TryChange(tenant, kind, id, _ => input.Values, Use, cancellationToken);
        });

        IdempotencyRow? Use(RecordRow record) => key is null ? null : _ledger.RowOf(tenant, $"PATCH {kind.Name} {id}", key, body, record.Id, Changed);
    }

    /// <summary>Changes a record by what it holds, as often as others change it meanwhile; fields that no request may name are free here.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="kind">Which kind.</param>
    /// <param name="id">The record's id.</param>
    /// <param name="change">The fields to change, null to clear, for the record as it is.</param>
    /// <param name="cancellationToken">Cancels what comes before the commit.</param>
    internal Task<RecordAnswer> Change(
        TenantId tenant, RecordKind kind, string id, Func<RecordRow, IReadOnlyDictionary<string, object?>> change, CancellationToken cancellationToken) =>
        Answer(() => TryChange(tenant, kind, id, change, _ => null, cancellationToken));

    /// <summary>The record.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public Task<RecordRow> Get(TenantId tenant, RecordKind kind, string id, CancellationToken cancellationToken) =>
        Answer(() => reader.Get(tenant, kind, id, cancellationToken));

    /// <inheritdoc cref="RecordReader.List"/>
    public Task<RecordPage> List(TenantId tenant, RecordKind kind, int limit, string? cursor, CancellationToken cancellationToken) =>
        Answer(() => reader.List(tenant, kind, limit, cursor, cancellationToken));

    /// <summary>Does what a caller asked for; a store that is away is told as such.</summary>
    /// <exception cref="UnavailableException">The store is away.</exception>
    internal static async Task<T> Answer<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StoreUnavailableException exception)
        {
            throw new UnavailableException(exception);
        }
    }

    private async Task<RecordAnswer> TryCreate(TenantId tenant, RecordInput input, JsonElement body, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var kind = input.Kind;
        var change = RecordChange.Create(input, ids.Next());
        var use = key is null ? null : _ledger.RowOf(tenant, "POST " + kind.Name, key, body, change.Record.Id, Created);
        if (use is not null && await _ledger.Find(tenant, kind, use, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        await CheckReferences(tenant, change.Record, cancellationToken);
        for (var tries = 1; ; tries++)
        {
            // The use first: of several conflicts the store names the first, and a repeat must not look like a duplicate.
            List<RowWrite> writes = use is null ? [] : [.. await _ledger.Remember(tenant, kind, use, cancellationToken)];
            writes.AddRange(await _index.Move(tenant, null, change.Record, look: tries > 1, cancellationToken));
            writes.Add(new RowWrite.Insert(change.Record.RowKey, RecordColumns.Write(change.Record)));
            try
            {
                await outbox.Write(tenant, change.Record, change.Events, writes, cancellationToken);
                return new RecordAnswer(Created, change.Record);
            }
            catch (RowConflictException) when (tries < MaxTries)
            {
                if (use is not null && await _ledger.Find(tenant, kind, use, cancellationToken) is { } other)
                {
                    return other;
                }
            }
            catch (RowConflictException)
            {
                throw new ConflictException(kind.DuplicateMessage);
            }
        }
    }

    private async Task<RecordAnswer> TryChange(
        TenantId tenant,
        RecordKind kind,
        string id,
        Func<RecordRow, IReadOnlyDictionary<string, object?>> change,
        Func<RecordRow, IdempotencyRow?> useOf,
        CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var stored = await reader.Find(tenant, kind, id, cancellationToken);
            var use = useOf(stored.Row);
            if (use is not null && await _ledger.Find(tenant, kind, use, cancellationToken) is { } earlier)
            {
                return earlier;
            }

            List<RowWrite> writes = use is null ? [] : [.. await _ledger.Remember(tenant, kind, use, cancellationToken)];
            try
            {
                if (RecordChange.Patch(stored.Row, change(stored.Row), Now()) is not { } next)
                {
                    // Its key is used up all the same: a repeat must not undo what somebody else changes in between.
                    await (use is null ? Task.CompletedTask : store.Commit(kind.Table, Partition.Of(tenant), writes, cancellationToken));
                    return new RecordAnswer(Changed, stored.Row);
                }

                writes.AddRange(await _index.Move(tenant, stored.Row, next.Record, look: tries > 1, cancellationToken));
                writes.Add(new RowWrite.Replace(next.Record.RowKey, stored.ETag, RecordColumns.Write(next.Record)));
                await outbox.Write(tenant, next.Record, next.Events, writes, cancellationToken);
                return new RecordAnswer(Changed, next.Record);
            }
            catch (RowConflictException) when (tries < MaxTries)
            {
                // Somebody else was faster, or has what this record wants: look again.
            }
            catch (RowConflictException)
            {
                throw new ConflictException($"The {kind.Name} is being changed by others; repeat the request.");
            }
        }
    }

    private async Task CheckReferences(TenantId tenant, RecordRow record, CancellationToken cancellationToken)
    {
        foreach (var field in record.Kind.Fields.Where(field => field.Refers is not null))
        {
            var target = RecordKinds.Target(field);
            if (record.Values.GetValueOrDefault(field.Name) is Guid id && await reader.FindLive(tenant, target, id, cancellationToken) is null)
            {
                throw new NotFoundException(target.Name);
            }
        }
    }

    // To the millisecond, as it is shown: what is stored is what was sent in the event.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clocks.Domain.GetUtcNow().ToUnixTimeMilliseconds());
}
