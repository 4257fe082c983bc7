using Azure;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;

namespace Vorel.Azure.KeyVault;

/// <summary>
/// Wraps with one key of one vault. Which version is the newest is asked again after five minutes, and at once when the one that was known has gone or is
/// switched off. What is not of this vault is refused before anybody is called: the key's id comes from the row.
/// </summary>
public sealed class KeyVaultKeyWrapper : IKeyWrapper
{
    /// <summary>How long the newest version is believed to be that.</summary>
    public static readonly TimeSpan VersionLife = TimeSpan.FromMinutes(5);

    private readonly KeyClient _keys;
    private readonly KeyVaultKeyIdentifier _key;
    private readonly TimeProvider _real;
    private volatile Known? _known;

    /// <param name="keys">The vault.</param>
    /// <param name="key">The key; with a version that one alone is wrapped with.</param>
    /// <param name="real">The clock by which the newest version is asked for.</param>
    /// <exception cref="ArgumentException">The key is not of this vault.</exception>
    public KeyVaultKeyWrapper(KeyClient keys, KeyVaultKeyIdentifier key, TimeProvider real)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(key);
        _keys = keys;
        _key = key.VaultUri == keys.VaultUri ? key : throw new ArgumentException("The key is not of this vault.", nameof(key));
        _real = real;
    }

    /// <inheritdoc/>
    public async ValueTask<string> CurrentKeyId(CancellationToken cancellationToken) => (await Current(cancellationToken)).ToString();

    /// <inheritdoc/>
    public async Task<WrappedKey> Wrap(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var current = await Current(cancellationToken);
        try
        {
            return await Wrap(current, key, cancellationToken);
        }
        catch (EnvelopeException gone) when (gone.Fault is EnvelopeFault.KeyNotFound or EnvelopeFault.KeyDisabled && _key.Version is null)
        {
            // There may be a newer one by now.
            _known = null;
            var newest = await Current(cancellationToken);
            if (newest == current)
            {
                throw;
            }

            return await Wrap(newest, key, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]> Unwrap(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        if (!KeyVaultKeyIdentifier.TryParse(wrapped.KeyId, _keys.AllowLoopback, out var key) || key.Version is null || key.VaultUri != _keys.VaultUri)
        {
            throw new EnvelopeException("The envelope was sealed with a key that is not of the configured vault.") { Fault = EnvelopeFault.KeyRefused };
        }

        return await Ask(key, async () =>
            (await _keys.GetCryptographyClient(key.Name, key.Version).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.Bytes, cancellationToken)).Key, cancellationToken);
    }

    private Task<WrappedKey> Wrap(KeyVaultKeyIdentifier version, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => Ask(version, async () =>
    {
        var copy = key.ToArray();
        try
        {
            var result = await _keys.GetCryptographyClient(version.Name, version.Version!).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, copy, cancellationToken);
            return new WrappedKey(result.KeyId, result.EncryptedKey);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(copy);
        }
    }, cancellationToken);

    private async ValueTask<KeyVaultKeyIdentifier> Current(CancellationToken cancellationToken)
    {
        if (_key.Version is not null)
        {
            return _key;
        }

        if (_known is { } known && IsFresh(known))
        {
            return known.Key;
        }

        var asked = _real.GetTimestamp();
        var newest = await Ask(_key, async () => (await _keys.GetKeyAsync(_key.Name, version: null, cancellationToken)).Id, cancellationToken);
        _known = new Known(newest, asked);
        return newest;
    }

    private bool IsFresh(Known known) => _real.GetElapsedTime(known.Since) < VersionLife;

    private static async Task<T> Ask<T>(KeyVaultKeyIdentifier key, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException refused) when (FaultOf(refused) is { } fault)
        {
            throw new EnvelopeException($"Key Vault answered {refused.Status} {refused.ErrorCode} for {key}.", refused) { Fault = fault, KeyId = key.ToString() };
        }
        catch (Exception exception) when (Stores.StorageFaults.IsOutage(exception, cancellationToken) || exception is RequestFailedException)
        {
            throw new StoreUnavailableException($"Key Vault did not answer for {key}.", exception);
        }
    }

    /// <summary>What a refusal is; null when it may be otherwise a moment later.</summary>
    private static EnvelopeFault? FaultOf(RequestFailedException refused) => refused switch
    {
        { Status: 404 } => EnvelopeFault.KeyNotFound,
        { Status: 403, ErrorCode: "KeyDisabled" } => EnvelopeFault.KeyDisabled,
        { Status: 401 or 403 } => EnvelopeFault.KeyRefused,
        { Status: 400 } => EnvelopeFault.DoesNotOpen,
        _ => null,
    };

    private sealed record Known(KeyVaultKeyIdentifier Key, long Since);
}
