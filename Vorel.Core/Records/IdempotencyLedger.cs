using System.Collections.Concurrent;
using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Retention;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>Remembers, in the transaction of the write itself, what an Idempotency-Key was used for.</summary>
internal sealed class IdempotencyLedger(IRowStore store, RecordReader reader, IndexKey digests, Clocks clocks)
{
    private readonly PurgeHints _hints = new(store);
    private Filed _filed = new("");

    /// <summary>What is to be remembered of a request. The hash does not see white space, but does see the order of members.</summary>
    public IdempotencyRow RowOf(TenantId tenant, string route, IdempotencyKey key, JsonElement body, Guid record, int status)
    {
        using var canonical = new MemoryStream();
        using (var writer = new Utf8JsonWriter(canonical))
        {
            body.WriteTo(writer);
        }

        return new IdempotencyRow(
            RecordKeys.Idempotency(digests.Digest(tenant, "idempotency", route + " " + key.Value)),
            digests.Digest(tenant, "request", System.Text.Encoding.UTF8.GetString(canonical.ToArray())),
            record,
            status,
            clocks.Domain.GetUtcNow());
    }

    /// <summary>The answer of an earlier use of the key, with the record as it is now; null when there was none.</summary>
    /// <exception cref="IdempotencyConflictException">It was used with another request.</exception>
    /// <exception cref="NotFoundException">The record of the earlier use is no longer there.</exception>
    public async Task<RecordAnswer?> Find(TenantId tenant, RecordKind kind, IdempotencyRow use, CancellationToken cancellationToken)
    {
        if (await FindUse(tenant, kind, use, cancellationToken) is not { } earlier)
        {
            return null;
        }

        var record = earlier.Sequence is { } sequence
            ? await reader.FindLiveMessage(tenant, earlier.Record, sequence, cancellationToken)
            : await reader.FindLive(tenant, kind, earlier.Record, cancellationToken);
        return new RecordAnswer(earlier.Status, record?.Row ?? throw new NotFoundException(kind.Name));
    }

    /// <summary>The writes that remember a use, with the row by which the sweep finds it: over one whose day is over, if there is such a one.</summary>
    public async Task<IReadOnlyList<RowWrite>> Remember(TenantId tenant, RecordKind kind, IdempotencyRow use, CancellationToken cancellationToken)
    {
        await FileHint(tenant, kind, use.Over, cancellationToken);
        var expiry = IdempotencyExpiryRow.Of(use);
        var earlier = await store.Get<IdempotencyRow>(kind.Table, Partition.Of(tenant), use.RowKey, cancellationToken);
        if (earlier is null || !earlier.Row.IsOver(clocks.Domain.GetUtcNow()))
        {
            return [TypedRows.Insert(use), TypedRows.Upsert(expiry)];
        }

        // A request that stood still for a day may end in the hour of the use that it succeeds: then the one row is written over.
        var ended = IdempotencyExpiryRow.Of(earlier.Row).RowKey;
        var old = ended == expiry.RowKey ? null : await store.Get<IdempotencyExpiryRow>(kind.Table, Partition.Of(tenant), ended, cancellationToken);
        return [TypedRows.Replace(earlier with { Row = use }), TypedRows.Upsert(expiry), .. old is null ? [] : (RowWrite[])[TypedRows.Delete(old)]];
    }

    private async Task<IdempotencyRow?> FindUse(TenantId tenant, RecordKind kind, IdempotencyRow use, CancellationToken cancellationToken)
    {
        var earlier = await store.Get<IdempotencyRow>(kind.Table, Partition.Of(tenant), use.RowKey, cancellationToken);
        if (earlier is null || earlier.Row.IsOver(clocks.Domain.GetUtcNow()))
        {
            return null;
        }

        return earlier.Row.RequestHash == use.RequestHash ? earlier.Row : throw new IdempotencyConflictException();
    }

    /// <summary>
    /// Files, before the first key of a tenant in an hour is remembered in a table, that there will be keys to remove when the hour of their end
    /// is past. One hint stands for all of them, and this process files it once.
    /// </summary>
    private async Task FileHint(TenantId tenant, RecordKind kind, DateTimeOffset over, CancellationToken cancellationToken)
    {
        var filed = _filed;
        var hour = PurgeHour.Of(over);
        if (filed.Hour != hour)
        {
            _filed = filed = new Filed(hour);
        }

        if (!filed.Tables.ContainsKey((tenant, kind.Table)))
        {
            await _hints.FileKeys(tenant, kind.Table, over, cancellationToken);
            filed.Tables[(tenant, kind.Table)] = true;
        }
    }

    private sealed record Filed(string Hour)
    {
        public ConcurrentDictionary<(TenantId Tenant, string Table), bool> Tables { get; } = new();
    }
}
