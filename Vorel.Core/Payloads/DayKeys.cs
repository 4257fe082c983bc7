using System.Collections.Concurrent;
using System.Security.Cryptography;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Payloads;

/// <summary>
/// The tenants' payload keys of each day. Opened keys are kept for five minutes, at most a thousand, so that a delivery
/// does not pay for opening one each time.
/// </summary>
internal sealed class DayKeys(IRowStore store, IEnvelopeProtector protector, TimeProvider real)
{
    private const int MaxKept = 1000;

    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Table, TenantId Tenant), Kept> _kept = new();

    /// <summary>The key of a day; made if the tenant has none yet.</summary>
    public async Task<byte[]> GetOrMake(string table, TenantId tenant, CancellationToken cancellationToken)
    {
        if (await Find(table, tenant, cancellationToken) is { } found)
        {
            return found;
        }

        var key = RandomNumberGenerator.GetBytes(AesGcmBox.KeySize);
        var row = new DayKeyRow(await protector.Protect(key, Scope(table, tenant), cancellationToken));
        if (await store.TryInsert(table, Partition.Of(tenant), row, cancellationToken))
        {
            Keep(table, tenant, key);
            return key;
        }

        CryptographicOperations.ZeroMemory(key);
        return await Find(table, tenant, cancellationToken)
            ?? throw new StoreUnavailableException("A payload key that was just there cannot be read.");
    }

    /// <summary>The key of a day, or null when there is none (any more).</summary>
    public async Task<byte[]?> Find(string table, TenantId tenant, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue((table, tenant), out var kept) && kept.Until > real.GetUtcNow())
        {
            return kept.Key;
        }

        var stored = await store.Get<DayKeyRow>(table, Partition.Of(tenant), DayKeyRow.Key, cancellationToken);
        if (stored is null)
        {
            return null;
        }

        var key = await protector.Unprotect(stored.Row.SealedKey, Scope(table, tenant), cancellationToken);
        Keep(table, tenant, key);
        return key;
    }

    private static EnvelopeScope Scope(string table, TenantId tenant) => new(tenant, table, "payload", DayKeyRow.Key);

    // Keys that are let go are left to the collector rather than zeroed: another caller may be sealing with one right now.
    private void Keep(string table, TenantId tenant, byte[] key)
    {
        var now = real.GetUtcNow();
        if (_kept.Count >= MaxKept)
        {
            foreach (var entry in _kept.Where(entry => entry.Value.Until <= now).ToList())
            {
                _kept.TryRemove(entry);
            }

            if (_kept.Count >= MaxKept)
            {
                _kept.Clear();
            }
        }

        _kept[(table, tenant)] = new Kept(key, now + s_life);
    }

    private sealed record Kept(byte[] Key, DateTimeOffset Until);
}
