using System.Security.Cryptography;
using System.Text;

namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// Envelopes of kind <c>kms</c>: each has a random key of its own, which a vault has wrapped. Key id and wrapped key are authenticated with the rest.
/// </summary>
public sealed class KmsEnvelopeProtector : IEnvelopeProtector, IDisposable
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IKeyWrapper _wrapper;
    private readonly RandomFill _random;
    private readonly UnwrappedKeys _keys;

    /// <param name="wrapper">Where keys are wrapped.</param>
    /// <param name="real">The clock by which unwrapped keys are kept.</param>
    /// <param name="random">Where keys and nonces come from.</param>
    public KmsEnvelopeProtector(IKeyWrapper wrapper, TimeProvider real, RandomFill? random = null)
    {
        _wrapper = wrapper;
        _random = random ?? Randomness.Secure;
        _keys = new UnwrappedKeys(wrapper, real);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> Protect(ReadOnlyMemory<byte> plaintext, EnvelopeScope scope, CancellationToken cancellationToken)
    {
        var key = new byte[SealedBytes.KeySize];
        try
        {
            _random(key);
            var wrapped = await _wrapper.Wrap(key, cancellationToken);
            return Seal(key, wrapped, plaintext.Span, scope);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> Unprotect(ReadOnlyMemory<byte> envelope, EnvelopeScope scope, CancellationToken cancellationToken)
    {
        using var key = await _keys.Get(Read(envelope.Span), cancellationToken);
        return Open(key.Bytes, envelope.Span, scope);
    }

    /// <summary>The version of the key that envelopes are sealed with now.</summary>
    internal ValueTask<string> CurrentKeyId(CancellationToken cancellationToken) => _wrapper.CurrentKeyId(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private byte[] Seal(ReadOnlySpan<byte> key, WrappedKey wrapped, ReadOnlySpan<byte> plaintext, EnvelopeScope scope)
    {
        var header = new EnvelopeHeader(EnvelopeKind.Kms, Encoding.UTF8.GetBytes(wrapped.KeyId), wrapped.Bytes);
        var envelope = new byte[header.Length + SealedBytes.Overhead + plaintext.Length];
        header.Write(envelope);
        SealedBytes.Seal(key, plaintext, header.AdditionalData(scope), _random, envelope.AsSpan(header.Length));
        return envelope;
    }

    private static WrappedKey Read(ReadOnlySpan<byte> envelope)
    {
        var header = EnvelopeHeader.Read(envelope, out var sealedPart);
        if (header.Kind != EnvelopeKind.Kms || header.WrappedKey.IsEmpty || sealedPart.Length < SealedBytes.Overhead)
        {
            // Before the vault is troubled with it.
            throw new EnvelopeException("The envelope is malformed.");
        }

        try
        {
            return new WrappedKey(s_strictUtf8.GetString(header.KeyId), header.WrappedKey.ToArray());
        }
        catch (DecoderFallbackException exception)
        {
            throw new EnvelopeException("The envelope is malformed.", exception);
        }
    }

    private static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> envelope, EnvelopeScope scope)
    {
        var header = EnvelopeHeader.Read(envelope, out var sealedPart);
        return SealedBytes.Open(key, sealedPart, header.AdditionalData(scope));
    }
}
