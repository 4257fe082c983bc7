using System.Security.Cryptography;

namespace Vorel.Core.Security.Envelopes;

/// <summary>The tail that every sealed value has: 12-byte nonce, ciphertext, 16-byte tag; AES-256-GCM (NIST SP 800-38D).</summary>
internal static class SealedBytes
{
    public const int KeySize = 32;
    public const int NonceSize = 12;
    public const int TagSize = 16;

    /// <summary>How much longer a sealed value is than its plaintext.</summary>
    public const int Overhead = NonceSize + TagSize;

    /// <summary>Seals into <paramref name="destination"/>, which is <see cref="Overhead"/> longer than the plaintext.</summary>
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> additionalData, RandomFill random, Span<byte> destination)
    {
        var nonce = destination[..NonceSize];
        random(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plaintext, destination[NonceSize..^TagSize], destination[^TagSize..], additionalData);
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="EnvelopeException">It is too short, or key, bytes or additional data are not those it was sealed with.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, ReadOnlySpan<byte> additionalData)
    {
        if (source.Length < Overhead)
        {
            throw new EnvelopeException("The envelope is cut off.");
        }

        var plaintext = new byte[source.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(source[..NonceSize], source[NonceSize..^TagSize], source[^TagSize..], plaintext, additionalData);
            return plaintext;
        }
        catch (CryptographicException exception)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            throw new EnvelopeException("The envelope does not open: it was changed, belongs elsewhere, or was sealed with another key.", exception);
        }
    }
}
