using System.Buffers;

namespace Vorel.Core.Crm.OAuth;

/// <summary>One of the places of a provider: all of it, an environment, or a data centre.</summary>
/// <param name="Name">How it is chosen, or told; nothing where there is one alone.</param>
/// <param name="TokenUrl">Its token endpoint (RFC 6749, 3.2).</param>
public sealed record OAuthSite(string Name, Uri TokenUrl)
{
    private const string Scheme = "https://";
    private static readonly SearchValues<char> s_hostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>The page on which somebody signs in; null for client credentials.</summary>
    public Uri? AuthorizeUrl { get; init; }

    /// <summary>The hosts at which the provider may say that its API is: whole ones, and with a dot in front what ends like this.</summary>
    public IReadOnlyList<string> ApiHosts { get; init; } = [];

    /// <summary>The origin of its token endpoint: what it is known by.</summary>
    public string Origin => TokenUrl.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether a text is this site's origin, as a provider may spell it.</summary>
    public bool IsAt(string text) => HostOf(text) == TokenUrl.Host;

    /// <summary>The origin in a text, in its one spelling, if its host is one at which this site's API may be; else null.</summary>
    public string? ApiAt(string text) => HostOf(text) is { } host && ApiHosts.Any(known => IsOf(host, known)) ? Scheme + host : null;

    /// <summary>
    /// The host of an https origin on the standard port; null for anything else. Read from the text itself: what an URL parser forgives (user names,
    /// ports, backslashes, escapes) is what somebody uses who wants a secret sent elsewhere.
    /// </summary>
    private static string? HostOf(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var host = text[Scheme.Length..];
        host = host.EndsWith('/') ? host[..^1] : host;
        return host.Length is > 0 and <= 253 && !host.AsSpan().ContainsAnyExcept(s_hostCharacters) && host.Split('.').All(IsLabel) ? host : null;
    }

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-';

    private static bool IsOf(string host, string known) => known.StartsWith('.') ? host.EndsWith(known, StringComparison.Ordinal) : host == known;
}
