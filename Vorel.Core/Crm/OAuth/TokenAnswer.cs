using System.Globalization;
using System.Text.Json;

namespace Vorel.Core.Crm.OAuth;

/// <summary>What came back from a token endpoint, read as far as it is; nothing of it goes into a message.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Root">The JSON object; null if the body is none, or does not say that it is one.</param>
/// <param name="RetryAfter">When the provider asks to be called again.</param>
internal sealed record TokenAnswer(int Status, JsonElement? Root, TimeSpan? RetryAfter)
{
    private const int MaxTokenLength = 8192;
    private const int MaxTextLength = 2048;
    private const int MaxScopes = 200;

    /// <summary>The code of an error, wherever providers put one (RFC 6749, 5.2; HubSpot's <c>status</c> and <c>category</c>); null if there is none.</summary>
    public string? Error => Text("error") ?? Text("status") ?? Text("category");

    /// <inheritdoc/>
    public override string ToString() => nameof(TokenAnswer);

    /// <summary>What was given out; null if that cannot be read out of the answer.</summary>
    public TokenGrant? Grant(OAuthDefinition oauth)
    {
        if (oauth.Dialect == TokenDialect.Login)
        {
            return At("token") is { ValueKind: JsonValueKind.Object } token
                ? (this with { Root = token }).Grant(oauth, "accessToken", "refreshToken", "expiresIn", "tokenType")
                : null;
        }

        return Grant(oauth, "access_token", "refresh_token", "expires_in", "token_type");
    }

    /// <summary>The scopes in a member: a list, or a text with blanks or commas; null if there is no such member.</summary>
    public IReadOnlyList<string>? Scopes(string? member) => member is null ? null : At(member) switch
    {
        { ValueKind: JsonValueKind.String } text => [.. (Read(text) ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Take(MaxScopes)],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Take(MaxScopes).Select(scope => Read(scope)).OfType<string>()],
        _ => null,
    };

    /// <summary>These members, by the names that they are kept by; a number is kept as its text.</summary>
    public Dictionary<string, string> Members(IReadOnlyDictionary<string, string> members)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, name) in members)
        {
            if (Text(path) is { Length: > 0 and <= MaxTextLength } text && !text.Any(char.IsControl))
            {
                kept[name] = text;
            }
        }

        return kept;
    }

    private TokenGrant? Grant(OAuthDefinition oauth, string access, string refresh, string lifetime, string type)
    {
        // RFC 6749, 7.1: a token of a kind that we do not know is not used.
        var isBearer = Text(type) is null or "" || string.Equals(Text(type), "bearer", StringComparison.OrdinalIgnoreCase);
        if (Token(access) is not { } token || !isBearer)
        {
            return null;
        }

        return new TokenGrant(
            token,
            Token(refresh),
            Lifetime(lifetime),
            Scopes(oauth.ScopesMember),
            Members(oauth.Members));
    }

    /// <summary>Seconds, as a number or as a text; null for what can be no life of a token.</summary>
    private TimeSpan? Lifetime(string member) =>
        double.TryParse(Text(member), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 31_536_000
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Escapes or bytes that are no Unicode.
            return null;
        }
    }

    /// <summary>A text that can stand in a header.</summary>
    private string? Token(string member) =>
        At(member) is { ValueKind: JsonValueKind.String } value && Read(value) is { Length: > 0 and <= MaxTokenLength } text && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? text
            : null;

    private string? Text(string path) => At(path) is { } value ? Read(value) : null;

    private JsonElement? At(string path)
    {
        var at = Root;
        foreach (var step in path.Split('/'))
        {
            at = at switch
            {
                { ValueKind: JsonValueKind.Object } one when one.TryGetProperty(step, out var member) => member,
                { ValueKind: JsonValueKind.Array } list when int.TryParse(step, out var index) && index < list.GetArrayLength() => list[index],
                _ => null,
            };
        }

        return at;
    }
}
