namespace Vorel.Core.Security.Envelopes;

/// <summary>
/// Seals bytes under a key the caller already holds, for example a tenant's payload key of one day: format byte, 12-byte
/// random nonce, ciphertext, 16-byte tag. The scope is authenticated as in an envelope. A key may seal 2^32 values before
/// random nonces become a risk (NIST SP 800-38D, 8.3); a day key stays far below.
/// </summary>
public static class AesGcmBox
{
    /// <summary>The first byte. Not an envelope's version, so that neither is ever taken for the other.</summary>
    private const byte FormatByte = 0xB1;

    /// <summary>The length of a key in bytes.</summary>
    public static int KeySize => SealedBytes.KeySize;

    /// <summary>Seals <paramref name="plaintext"/> for <paramref name="scope"/>.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, EnvelopeScope scope, RandomFill? random = null)
    {
        CheckKey(key);
        var box = new byte[1 + SealedBytes.Overhead + plaintext.Length];
        box[0] = FormatByte;
        SealedBytes.Seal(key, plaintext, AdditionalData(scope), random ?? Randomness.Secure, box.AsSpan(1));
        return box;
    }

    /// <summary>Opens what <see cref="Seal"/> made. Fails closed.</summary>
    /// <exception cref="EnvelopeException">It is malformed, was changed, belongs elsewhere, or was sealed with another key.</exception>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, EnvelopeScope scope)
    {
        CheckKey(key);
        return box.IsEmpty || box[0] != FormatByte
            ? throw new EnvelopeException("The sealed value is empty or has an unknown format.")
            : SealedBytes.Open(key, box[1..], AdditionalData(scope));
    }

    private static byte[] AdditionalData(EnvelopeScope scope) => new LengthPrefixed().Add(FormatByte).Add(scope).ToArray();

    private static void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"A key of {KeySize} bytes is needed.", nameof(key));
        }
    }
}
