using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Records;

/// <summary>Remembers, in the transaction of the write itself, what an Idempotency-Key was used for.</summary>
internal sealed class IdempotencyLedger(IRowStore store, RecordReader reader, IndexKey digests, Clocks clocks)
{
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

    /// <summary>The write that remembers a use: over one whose day is over, if there is such a one.</summary>
    public async Task<RowWrite> Remember(TenantId tenant, RecordKind kind, IdempotencyRow use, CancellationToken cancellationToken)
    {
        var earlier = await store.Get<IdempotencyRow>(kind.Table, Partition.Of(tenant), use.RowKey, cancellationToken);
        return earlier is not null && IsOver(earlier.Row) ? TypedRows.Replace(earlier with { Row = use }) : TypedRows.Insert(use);
    }

    private async Task<IdempotencyRow?> FindUse(TenantId tenant, RecordKind kind, IdempotencyRow use, CancellationToken cancellationToken)
    {
        var earlier = await store.Get<IdempotencyRow>(kind.Table, Partition.Of(tenant), use.RowKey, cancellationToken);
        if (earlier is null || IsOver(earlier.Row))
        {
            return null;
        }

        return earlier.Row.RequestHash == use.RequestHash ? earlier.Row : throw new IdempotencyConflictException();
    }

    private bool IsOver(IdempotencyRow row) => clocks.Domain.GetUtcNow() >= row.At + IdempotencyRow.Life;
}
