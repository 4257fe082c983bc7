using Azure;
using Azure.Core;

namespace Vorel.Azure.KeyVault;

/// <summary>The keys of one vault. Shapes are those of Azure.Security.KeyVault.Keys.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/keyvault/keys/get-key/get-key</remarks>
public sealed class KeyClient
{
    private readonly KeyVaultPipeline _vault;

    /// <param name="vaultUri">The vault.</param>
    /// <param name="credential">Where tokens come from. The identity needs the role Key Vault Crypto Service Encryption User.</param>
    /// <param name="options">Retries and transport.</param>
    /// <exception cref="ArgumentException">Not the address of a vault.</exception>
    public KeyClient(Uri vaultUri, TokenCredential credential, KeyClientOptions? options = null) =>
        _vault = new KeyVaultPipeline(vaultUri, credential, options ?? new KeyClientOptions());

    /// <summary>The vault.</summary>
    public Uri VaultUri => _vault.Vault;

    internal bool AllowLoopback => _vault.AllowLoopback;

    /// <summary>A key's version, the newest if none is named.</summary>
    /// <exception cref="ArgumentException">Not the name of a key or of a version.</exception>
    /// <exception cref="RequestFailedException">As of <see cref="CryptographyClient.WrapKeyAsync"/>.</exception>
    public Task<KeyVaultKey> GetKeyAsync(string name, string? version = null, CancellationToken cancellationToken = default)
    {
        Check(name, version);
        return _vault.Get(name, version, cancellationToken);
    }

    /// <summary>A client for one version of a key; it shares this one's token.</summary>
    /// <exception cref="ArgumentException">Not the name of a key or of a version.</exception>
    public CryptographyClient GetCryptographyClient(string keyName, string keyVersion)
    {
        Check(keyName, keyVersion);
        return new CryptographyClient(_vault, keyName, keyVersion);
    }

    private static void Check(string name, string? version)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!KeyVaultKeyIdentifier.IsName(name) || (version is not null && !KeyVaultKeyIdentifier.IsVersion(version)))
        {
            throw new ArgumentException("A key's name has letters, digits and hyphens, its version 32 letters and digits.", nameof(name));
        }
    }
}
