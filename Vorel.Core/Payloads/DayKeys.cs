using System.Security.Cryptography;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Payloads;

/// <summary>The tenants' payload keys of each day. Opened keys are kept for a while, so that a delivery does not pay for opening one each time.</summary>
internal sealed class DayKeys(IRowStore store, IEnvelopeProtector protector, TimeProvider real) : IDisposable
{
    private readonly KeptKeys<(string Table, TenantId Tenant)> _kept = new(real);

    /// <summary>The key of a day; made if the tenant has none yet.</summary>
    public async Task<OpenKey> GetOrMake(string table, TenantId tenant, CancellationToken cancellationToken)
    {
        if (await Find(table, tenant, cancellationToken) is { } found)
        {
            return found;
        }

        var key = RandomNumberGenerator.GetBytes(AesGcmBox.KeySize);
        var row = new DayKeyRow(await protector.Protect(key, Scope(table, tenant), cancellationToken));
        if (await store.TryInsert(table, Partition.Of(tenant), row, cancellationToken))
        {
            return _kept.Keep((table, tenant), key);
        }

        CryptographicOperations.ZeroMemory(key);
        return await Find(table, tenant, cancellationToken)
            ?? throw new StoreUnavailableException("A payload key that was just there cannot be read.");
    }

    /// <summary>The key of a day, or null when there is none (any more).</summary>
    public async Task<OpenKey?> Find(string table, TenantId tenant, CancellationToken cancellationToken)
    {
        if (_kept.Find((table, tenant)) is { } kept)
        {
            return kept;
        }

        return await store.Get<DayKeyRow>(table, Partition.Of(tenant), DayKeyRow.Key, cancellationToken) is { } stored
            ? _kept.Keep((table, tenant), await protector.Unprotect(stored.Row.SealedKey, Scope(table, tenant), cancellationToken))
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    internal static EnvelopeScope Scope(string table, TenantId tenant) => new(tenant, table, "payload", DayKeyRow.Key);
}
