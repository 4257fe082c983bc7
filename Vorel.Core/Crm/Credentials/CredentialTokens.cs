using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm.OAuth;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Where tokens stand in the JSON that is sealed. The one place that writes and reads them there.</summary>
public static class CredentialTokens
{
    private const string Access = "access_token";
    private const string Refresh = "refresh_token";
    private const string Expires = "expires_at";
    private const string Scopes = "scopes";

    /// <summary>Whatever a provider says: no calendar ends before that.</summary>
    private static readonly TimeSpan s_longestLife = TimeSpan.FromDays(365);

    /// <summary>
    /// Puts what a token endpoint gave out among credentials. Where it gave no refresh token, or did not name the scopes, those of before stay.
    /// </summary>
    /// <param name="credentials">Changed in place.</param>
    /// <param name="grant">What was given out.</param>
    /// <param name="now">When, by the real clock.</param>
    /// <returns>When the access token is over, if the provider says so.</returns>
    public static DateTimeOffset? Put(JsonObject credentials, TokenGrant grant, DateTimeOffset now)
    {
        credentials[Access] = grant.AccessToken;
        if (grant.RefreshToken is { } refresh)
        {
            credentials[Refresh] = refresh;
        }

        var end = grant.Lifetime is { } lifetime ? now + TimeSpan.FromTicks(Math.Clamp(lifetime.Ticks, 0, s_longestLife.Ticks)) : (DateTimeOffset?)null;
        credentials.Remove(Expires);
        if (end is { } over)
        {
            credentials[Expires] = over.ToString("O", CultureInfo.InvariantCulture);
        }

        if (grant.Scopes is { } scopes)
        {
            credentials[Scopes] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]);
        }

        foreach (var (name, value) in grant.Others)
        {
            credentials[name] = value;
        }

        return end;
    }

    /// <summary>The access token, or null.</summary>
    internal static string? AccessOf(JsonElement credentials) => TextOf(credentials, Access);

    /// <summary>The refresh token, or null.</summary>
    internal static string? RefreshOf(JsonElement credentials) => TextOf(credentials, Refresh);

    /// <summary>When the access token is over, or null.</summary>
    internal static DateTimeOffset? ExpiryOf(JsonElement credentials) =>
        DateTimeOffset.TryParseExact(TextOf(credentials, Expires), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var expiry) ? expiry : null;

    /// <summary>Those of <paramref name="needed"/> that were not granted; none where the provider does not say what was.</summary>
    internal static IReadOnlyList<string> LackingOf(JsonElement credentials, IReadOnlyList<string> needed)
    {
        if (!credentials.TryGetProperty(Scopes, out var granted) || granted.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var names = granted.EnumerateArray().Where(scope => scope.ValueKind == JsonValueKind.String).Select(scope => scope.GetString()).ToHashSet(StringComparer.Ordinal);
        return [.. needed.Where(scope => !names.Contains(scope))];
    }

    private static string? TextOf(JsonElement credentials, string name) =>
        credentials.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
