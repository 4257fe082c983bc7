using System.Security.Cryptography;
using System.Text;

namespace Vorel.Azure.ServiceBus;

/// <summary>
/// Tokens of a shared access policy: HMAC-SHA256, keyed with the UTF-8 of the key's text, over the percent-encoded address, a line feed
/// and the expiry in seconds since 1970.
/// </summary>
/// <remarks>https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas</remarks>
internal static class SharedAccessSignature
{
    /// <summary>The value of the header <c>Authorization</c>. The token opens <paramref name="resource"/> and all below it until <paramref name="expires"/>.</summary>
    public static string Token(string resource, string keyName, string key, DateTimeOffset expires)
    {
        var encoded = Uri.EscapeDataString(resource);
        var expiry = expires.ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{encoded}\n{expiry}"));
        return $"SharedAccessSignature sr={encoded}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={Uri.EscapeDataString(keyName)}";
    }
}
