using Vorel.Core.Security;

namespace Vorel.Core.Webhooks;

/// <summary>
/// The secret of a subscription: <c>whsec_</c> and the base64 of 32 random bytes. We make it, show it once, and keep it
/// sealed; afterwards only its first 12 characters are shown.
/// </summary>
public static class WebhookSecret
{
    /// <summary>How every secret starts.</summary>
    public const string Marker = "whsec_";

    private const int RandomBytes = 32;
    private const int ShownLength = 12;

    /// <summary>A new secret.</summary>
    public static string Generate(RandomFill? random = null)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        (random ?? Randomness.Secure)(bytes);
        return Marker + Convert.ToBase64String(bytes);
    }

    /// <summary>The part that may be shown and stored in clear.</summary>
    public static string ShownPrefix(string secret) => secret[..ShownLength];
}
