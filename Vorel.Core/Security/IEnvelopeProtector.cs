using Vorel.Core.Tenants;

namespace Vorel.Core.Security;

/// <summary>
/// Seals secrets and payloads before they are stored. The sealed form is the versioned envelope of docs/security.md;
/// the scope is authenticated with it, so a sealed value copied to another tenant, table or row does not open.
/// </summary>
public interface IEnvelopeProtector
{
    /// <summary>Seals <paramref name="plaintext"/> for <paramref name="scope"/>.</summary>
    /// <exception cref="EnvelopeException">The key that wraps the row's key cannot be used.</exception>
    /// <exception cref="Storage.StoreUnavailableException">The vault of that key does not answer.</exception>
    ValueTask<byte[]> Protect(ReadOnlyMemory<byte> plaintext, EnvelopeScope scope, CancellationToken cancellationToken);

    /// <summary>Opens a sealed value. Fails closed: any change of bytes, scope or key throws.</summary>
    /// <exception cref="EnvelopeException">The value is malformed, was changed, or belongs elsewhere; or the key that it needs cannot be used.</exception>
    /// <exception cref="Storage.StoreUnavailableException">The vault of that key does not answer.</exception>
    ValueTask<byte[]> Unprotect(ReadOnlyMemory<byte> envelope, EnvelopeScope scope, CancellationToken cancellationToken);
}

/// <summary>What a sealed value is bound to. Every part is authenticated, length-prefixed.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Table">The table it is stored in, or the family of tables for rows that move within one.</param>
/// <param name="Provider">The CRM provider, or the kind of secret (<c>webhook</c>, <c>payload</c>).</param>
/// <param name="Id">The credential, subscription or event it belongs to.</param>
public sealed record EnvelopeScope(TenantId Tenant, string Table, string Provider, string Id);
