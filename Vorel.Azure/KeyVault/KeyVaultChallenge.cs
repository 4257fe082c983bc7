using System.Text;
using System.Text.RegularExpressions;

namespace Vorel.Azure.KeyVault;

/// <summary>What a vault says of the tokens it takes, in the header <c>WWW-Authenticate</c> of a 401.</summary>
/// <param name="Scope">What a token has to be for; null where it does not say, which is where it wants further claims.</param>
/// <param name="TenantId">The directory that issues them.</param>
/// <param name="Claims">Claims that the token just shown lacks (continuous access evaluation), as JSON.</param>
/// <remarks>https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses</remarks>
internal sealed partial record KeyVaultChallenge(string? Scope, string? TenantId, string? Claims)
{
    private const string DefaultScope = "/.default";

    /// <summary>The resource that the scope is of.</summary>
    public string? Resource => Scope?.EndsWith(DefaultScope, StringComparison.Ordinal) == true ? Scope[..^DefaultScope.Length] : Scope;

    /// <summary>Reads a header; null when it is no challenge of this kind.</summary>
    public static KeyVaultChallenge? Parse(string? header)
    {
        if (header is null || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match parameter in Parameter().Matches(header))
        {
            if (!parameters.TryAdd(parameter.Groups["name"].Value, parameter.Groups["value"].Value))
            {
                // Two answers to one question: neither is believed.
                return null;
            }
        }

        var scope = parameters.TryGetValue("resource", out var resource) ? resource.TrimEnd('/') + DefaultScope : parameters.GetValueOrDefault("scope");
        var claims = parameters.GetValueOrDefault("error") == "insufficient_claims" ? Decode(parameters.GetValueOrDefault("claims")) : null;
        var authority = parameters.GetValueOrDefault("authorization") ?? parameters.GetValueOrDefault("authorization_uri");
        return scope is null && claims is null ? null : new KeyVaultChallenge(scope, TenantOf(authority), claims);
    }

    private static string? TenantOf(string? authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri) && uri.Segments is [_, var first, ..] ? first.Trim('/') : null;

    private static string? Decode(string? claims)
    {
        var bytes = new byte[claims?.Length ?? 0];
        return claims is not null && Convert.TryFromBase64String(claims, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    [GeneratedRegex("(?<name>[A-Za-z_]+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
