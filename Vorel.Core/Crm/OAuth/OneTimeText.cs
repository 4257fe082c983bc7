using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Vorel.Core.Security;

namespace Vorel.Core.Crm.OAuth;

/// <summary>Texts that prove something by being known: 256 random bits in base64url. What is stored is a digest, which is no use to whoever reads it.</summary>
internal static class OneTimeText
{
    /// <summary>In characters.</summary>
    public const int Length = 43;

    private const int Bytes = 32;

    /// <summary>A new one.</summary>
    public static string New(RandomFill random)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        random(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether a text may be one.</summary>
    public static bool IsForm(string? text) => text is { Length: Length } && Base64Url.IsValid(text.AsSpan(), out var length) && length == Bytes;

    /// <summary>
    /// The digest of a text: SHA-256 of what it is for and of itself, so that one kind is never taken for another. No slow hash is needed, nobody
    /// guesses 256 bits.
    /// </summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="text">The text.</param>
    public static byte[] DigestOf(string purpose, string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"vorel/oauth/1/{purpose}\0{text}"));
}
