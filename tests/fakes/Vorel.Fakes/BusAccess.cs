using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vorel.Fakes;

/// <summary>Whom the stand-in for Service Bus lets in: holders of one shared access key, and of the Entra tokens it is told of.</summary>
/// <remarks>https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas</remarks>
/// <param name="time">The clock by which tokens expire.</param>
public sealed class BusAccess(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);

    /// <summary>The name of the shared access policy.</summary>
    public string KeyName { get; } = "send-only";

    /// <summary>Its key, of this instance alone.</summary>
    public string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Lets the bearer of a token in until it expires.</summary>
    public void Accept(string token, DateTimeOffset expires) => _tokens[token] = expires;

    /// <summary>Whether a value of <c>Authorization</c> opens the entity at an address.</summary>
    public bool Opens(string authorization, Uri entity) => authorization.Split(' ', 2) switch
    {
        ["Bearer", var token] => _tokens.TryGetValue(token, out var expires) && time.GetUtcNow() < expires,
        ["SharedAccessSignature", var fields] => IsSigned(fields, entity),
        _ => false,
    };

    private bool IsSigned(string fields, Uri entity)
    {
        var parts = fields.Split('&').Select(part => part.Split('=', 2)).ToArray();
        if (parts.Any(part => part.Length != 2)
            || !parts.Select(part => part[0]).Order(StringComparer.Ordinal).SequenceEqual(["se", "sig", "skn", "sr"], StringComparer.Ordinal))
        {
            return false;
        }

        var byName = parts.ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(byName["sr"] + "\n" + byName["se"]));
        return Uri.UnescapeDataString(byName["skn"]) == KeyName
            && long.TryParse(byName["se"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && time.GetUtcNow().ToUnixTimeSeconds() < expires
            && Covers(Uri.UnescapeDataString(byName["sr"]), entity)
            && CryptographicOperations.FixedTimeEquals(expected, Decode(Uri.UnescapeDataString(byName["sig"])));
    }

    // A token is good for its address and all below it; the scheme does not count.
    private static bool Covers(string resource, Uri entity) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var signed)
        && string.Equals(signed.Authority, entity.Authority, StringComparison.OrdinalIgnoreCase)
        && (entity.AbsolutePath.TrimEnd('/') + "/").StartsWith(signed.AbsolutePath.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase);

    private static byte[] Decode(string signature)
    {
        var bytes = new byte[32];
        return Convert.TryFromBase64String(signature, bytes, out var length) && length == bytes.Length ? bytes : [];
    }
}
