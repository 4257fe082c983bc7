using System.Security.Cryptography;
using System.Text;

namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// Envelopes of kind <c>local</c>: each has its own key, HKDF-SHA256 of the root in the environment
/// (<c>CRM_CREDENTIAL_ENCRYPTION_KEY</c>) with the envelope's own random salt, for one tenant. Opening an envelope of
/// kind <c>kms</c> fails: it needs Key Vault.
/// </summary>
public sealed class LocalEnvelopeProtector : IEnvelopeProtector
{
    /// <summary>The setting that holds the root.</summary>
    public const string SettingName = "CRM_CREDENTIAL_ENCRYPTION_KEY";

    private const int SaltSize = 32;
    private const string RowKeyLabel = "vorel/envelope/1/local/row-key";
    private const string KeyIdLabel = "vorel/envelope/1/local/key-id";

    private readonly RootSecret _root;
    private readonly RandomFill _random;
    private readonly byte[] _keyId;

    /// <summary>Uses <paramref name="root"/>, which must outlive this.</summary>
    public LocalEnvelopeProtector(RootSecret root, RandomFill? random = null)
    {
        _root = root;
        _random = random ?? Randomness.Secure;
        Span<byte> fingerprint = stackalloc byte[4];
        root.DeriveKey(fingerprint, salt: [], KeyIdLabel, context: "");
        KeyId = Convert.ToHexStringLower(fingerprint);
        _keyId = Encoding.ASCII.GetBytes(KeyId);
    }

    /// <summary>Names the root without telling anything of it: 8 hex digits of a fingerprint derived for this purpose alone.</summary>
    public string KeyId { get; }

    /// <inheritdoc/>
    public ValueTask<byte[]> Protect(ReadOnlyMemory<byte> plaintext, EnvelopeScope scope, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Seal(plaintext.Span, scope));

    /// <inheritdoc/>
    public ValueTask<byte[]> Unprotect(ReadOnlyMemory<byte> envelope, EnvelopeScope scope, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Open(envelope.Span, scope));

    private byte[] Seal(ReadOnlySpan<byte> plaintext, EnvelopeScope scope)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        _random(salt);
        var header = new EnvelopeHeader(EnvelopeKind.Local, _keyId, salt);
        var envelope = new byte[header.Length + SealedBytes.Overhead + plaintext.Length];
        header.Write(envelope);

        Span<byte> key = stackalloc byte[SealedBytes.KeySize];
        try
        {
            _root.DeriveKey(key, salt, RowKeyLabel, scope.Tenant.ToString());
            SealedBytes.Seal(key, plaintext, header.AdditionalData(scope), _random, envelope.AsSpan(header.Length));
            return envelope;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private byte[] Open(ReadOnlySpan<byte> envelope, EnvelopeScope scope)
    {
        var header = EnvelopeHeader.Read(envelope, out var sealedPart);
        if (header.Kind == EnvelopeKind.Kms)
        {
            throw new EnvelopeException("The envelope was sealed with Key Vault, and no Key Vault is configured.") { Fault = EnvelopeFault.NotConfigured };
        }

        if (!header.KeyId.SequenceEqual(_keyId))
        {
            throw new EnvelopeException($"The envelope was sealed with another root than the one in {SettingName}.");
        }

        if (header.WrappedKey.Length != SaltSize)
        {
            throw new EnvelopeException("The envelope is malformed.");
        }

        Span<byte> key = stackalloc byte[SealedBytes.KeySize];
        try
        {
            _root.DeriveKey(key, header.WrappedKey, RowKeyLabel, scope.Tenant.ToString());
            return SealedBytes.Open(key, sealedPart, header.AdditionalData(scope));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
