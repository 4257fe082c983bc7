using System.Security.Cryptography;
using System.Text;

namespace Vorel.Core.Webhooks;

/// <summary>
/// The signature of a webhook (webhook guide): lower-case hex of HMAC-SHA256 over the raw body, keyed with the whole secret
/// text, <c>whsec_</c> included. Needs nothing but the base library: receivers may copy this file.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The request header that carries it.</summary>
    public const string HeaderName = "X-Webhook-Signature";

    /// <summary>The value of the header: 64 lower-case hex digits.</summary>
    public static string Sign(string secret, ReadOnlySpan<byte> body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>
    /// Whether the header belongs to these very bytes, in time that does not depend on where it differs. Check the bytes
    /// as they came, before anything parses them.
    /// </summary>
    public static bool Verify(string secret, ReadOnlySpan<byte> body, string? header) =>
        header is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(Sign(secret, body)));
}
