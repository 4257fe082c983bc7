using Azure;
using Azure.Core;

namespace Vorel.Azure.KeyVault;

/// <summary>Wraps and unwraps keys with one version of a vault's key; the wrapping key never leaves the vault. Shapes are those of Azure.Security.KeyVault.Keys.Cryptography.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/keyvault/keys/wrap-key/wrap-key, …/unwrap-key/unwrap-key</remarks>
public sealed class CryptographyClient
{
    private readonly KeyVaultPipeline _vault;
    private readonly string _name;
    private readonly string _version;

    /// <param name="keyId">The key with its version.</param>
    /// <param name="credential">Where tokens come from. The identity needs the role Key Vault Crypto Service Encryption User.</param>
    /// <param name="options">Retries and transport.</param>
    /// <exception cref="ArgumentException">Not the address of a version of a vault's key.</exception>
    public CryptographyClient(Uri keyId, TokenCredential credential, CryptographyClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        options ??= new CryptographyClientOptions();
        if (!KeyVaultKeyIdentifier.TryParse(keyId.OriginalString, options.AllowLoopback, out var key) || key.Version is null)
        {
            throw new ArgumentException("A key is named by the address of one of its versions in a vault.", nameof(keyId));
        }

        _vault = new KeyVaultPipeline(key.VaultUri, credential, options);
        (_name, _version) = (key.Name, key.Version);
    }

    internal CryptographyClient(KeyVaultPipeline vault, string name, string version) => (_vault, _name, _version) = (vault, name, version);

    /// <summary>The key, with its version.</summary>
    public string KeyId => $"{_vault.Vault}keys/{_name}/{_version}";

    /// <summary>Has the vault wrap a key.</summary>
    /// <exception cref="RequestFailedException">
    /// The vault refused it (401, 403, 404; the error's code says more), or did not answer after all tries (429, 5xx, 0 when it could not be
    /// reached or no token was to be had). Nothing but status, code and the key's name is in it.
    /// </exception>
    public async Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (used, wrapped) = await _vault.Operate("wrapkey", _name, _version, algorithm, key, cancellationToken);
        return new WrapResult(used.ToString(), wrapped, algorithm);
    }

    /// <summary>Has the vault unwrap a key.</summary>
    /// <exception cref="RequestFailedException">As of <see cref="WrapKeyAsync"/>; 400 when these bytes were not wrapped with this key.</exception>
    public async Task<UnwrapResult> UnwrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encryptedKey);
        var (used, key) = await _vault.Operate("unwrapkey", _name, _version, algorithm, encryptedKey, cancellationToken);
        return new UnwrapResult(used.ToString(), key, algorithm);
    }
}
