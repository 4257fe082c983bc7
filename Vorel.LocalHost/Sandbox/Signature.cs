using System.Security.Cryptography;
using System.Text;

namespace Vorel.LocalHost.Sandbox;

/// <summary>The receiver's side of a signed webhook (webhook guide): lower-case hex HMAC-SHA256 of the raw body.</summary>
internal static class Signature
{
    public const string Header = "X-Webhook-Signature";

    /// <summary>Compares in constant time; a receiver without a secret believes nobody.</summary>
    public static bool IsValid(string? secret, ReadOnlySpan<byte> body, string? signature)
    {
        if (string.IsNullOrEmpty(secret) || signature is null)
        {
            return false;
        }

        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }
}
