using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Payloads;

/// <summary>
/// Keeps the bytes of events, and excerpts of what receivers answered, sealed with a key of the tenant and the day. A
/// table of one day is meant to be dropped whole after nine days, its keys with it (ADR 0003).
/// </summary>
public sealed class PayloadVault(IRowStore store, IEnvelopeProtector protector, Clocks clocks) : IDisposable
{
    private readonly DayKeys _keys = new(store, protector, clocks.Real);

    /// <summary>Seals an event's envelope. The sealed bytes stay the same on their way from the outbox to the payload table.</summary>
    public async Task<byte[]> Seal(TenantId tenant, Guid eventId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        using var key = await _keys.GetOrMake(PayloadTables.Of(eventId), tenant, cancellationToken);
        return AesGcmBox.Seal(key.Bytes, envelope.Span, Scope(tenant, KeyOf(eventId)));
    }

    /// <summary>Stores an event's sealed envelope, unless it is there already; nothing if its life is over, for a dropped table must not come back.</summary>
    public async Task Put(TenantId tenant, Guid eventId, byte[] sealedEnvelope, CancellationToken cancellationToken)
    {
        if (!PayloadTables.IsOver(eventId, clocks.Domain.GetUtcNow()))
        {
            await store.TryInsert(PayloadTables.Of(eventId), Partition.Of(tenant), new PayloadRow(KeyOf(eventId), sealedEnvelope), cancellationToken);
        }
    }

    /// <summary>An event's envelope, byte for byte; null when it was dropped or erased.</summary>
    public Task<byte[]?> Read(TenantId tenant, Guid eventId, CancellationToken cancellationToken) =>
        Open(tenant, eventId, KeyOf(eventId), cancellationToken);

    /// <summary>Stores an excerpt of the answer to one attempt, sealed, in place of an earlier one; nothing if the event was dropped or erased.</summary>
    public async Task PutExcerpt(TenantId tenant, Guid eventId, Guid delivery, int attempt, ReadOnlyMemory<byte> excerpt, CancellationToken cancellationToken)
    {
        var table = PayloadTables.Of(eventId);
        using var key = await _keys.Find(table, tenant, cancellationToken);
        if (key is not null)
        {
            var rowKey = KeyOf(eventId, delivery, attempt);
            var row = new PayloadRow(rowKey, AesGcmBox.Seal(key.Bytes, excerpt.Span, Scope(tenant, rowKey)));
            try
            {
                await store.Commit(table, Partition.Of(tenant), [new RowWrite.Require(KeyOf(eventId)), TypedRows.Upsert(row)], cancellationToken);
            }
            catch (RowConflictException gone) when (gone.Conflict == RowConflict.NotFound)
            {
                // It went while the attempt was under way, and what was answered to it goes with it.
            }
        }
    }

    /// <summary>The excerpt of the answer to one attempt; null when there is none (any more).</summary>
    public Task<byte[]?> ReadExcerpt(TenantId tenant, Guid eventId, Guid delivery, int attempt, CancellationToken cancellationToken) =>
        Open(tenant, eventId, KeyOf(eventId, delivery, attempt), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private static string KeyOf(Guid eventId) => eventId.ToString("D");

    private static string KeyOf(Guid eventId, Guid delivery, int attempt) => $"{eventId:D}|{delivery:D}|{attempt}";

    private static EnvelopeScope Scope(TenantId tenant, string rowKey) => new(tenant, PayloadTables.Family, "payload", rowKey);

    private async Task<byte[]?> Open(TenantId tenant, Guid eventId, string rowKey, CancellationToken cancellationToken)
    {
        var table = PayloadTables.Of(eventId);
        var stored = await store.Get<PayloadRow>(table, Partition.Of(tenant), rowKey, cancellationToken);
        using var key = stored is null ? null : await _keys.Find(table, tenant, cancellationToken);
        return key is null ? null : AesGcmBox.Open(key.Bytes, stored!.Row.Sealed, Scope(tenant, rowKey));
    }
}
