namespace Vorel.Core.Security.Egress;

/// <summary>
/// A URL that we may try to call: read strictly before <see cref="Uri"/> sees it, in one spelling afterwards. Where its
/// host leads is decided again when the connection is made, on the address dialled.
/// </summary>
public sealed class EgressUrl
{
    /// <summary>The longest URL in characters.</summary>
    public const int MaxLength = 2048;

    // Names that never lead to the public internet (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
    private static readonly string[] s_localSuffixes = ["localhost", "local", "localdomain", "internal", "home.arpa", "lan"];

    private EgressUrl(Uri uri) => Uri = uri;

    /// <summary>The URL: lower-case host, no fragment.</summary>
    public Uri Uri { get; }

    /// <summary>Reads a URL that a tenant entered.</summary>
    /// <exception cref="EgressRefusedException">It is refused; the message says why in plain words.</exception>
    internal static EgressUrl Parse(string? text, DevelopmentHosts development)
    {
        CheckCharacters(text);
        var (scheme, authorityText, target) = Split(text!);
        var authority = EgressAuthority.Parse(authorityText);
        var port = authority.Port ?? (scheme == Uri.UriSchemeHttps ? 443 : 80);
        if (!development.Contains(authority.Host, port))
        {
            CheckPublic(scheme, authority);
        }

        var host = authority.Host.Contains(':', StringComparison.Ordinal) ? $"[{authority.Host}]" : authority.Host;

        // What we checked must be what Uri, and so the HTTP handler, understood.
        if (!Uri.TryCreate($"{scheme}://{host}:{port}{target}", UriKind.Absolute, out var uri)
            || uri.Port != port
            || uri.UserInfo.Length != 0
            || !string.Equals(uri.IdnHost, authority.Host, StringComparison.Ordinal))
        {
            throw Malformed();
        }

        // The one spelling may be longer than what was entered, and is what is stored and checked again before each call.
        return uri.AbsoluteUri.Length <= MaxLength ? new EgressUrl(uri) : throw TooLong();
    }

    /// <summary>The URL in its one spelling, as it is echoed to its owner.</summary>
    public override string ToString() => Uri.AbsoluteUri;

    private static void CheckCharacters(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw Malformed();
        }

        if (text.Length > MaxLength)
        {
            throw TooLong();
        }

        // Outside of visible ASCII there are line breaks, blanks, and letters that other software maps to ASCII ones.
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('\\', StringComparison.Ordinal))
        {
            throw new EgressRefusedException(
                EgressRefusal.Malformed,
                "The URL may hold visible ASCII characters only, and no backslash: write international host names in their xn-- form and percent-encode the rest.");
        }
    }

    private static (string Scheme, string Authority, string Target) Split(string text)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : text[..separator].ToLowerInvariant();
        if (scheme != Uri.UriSchemeHttps && scheme != Uri.UriSchemeHttp)
        {
            throw NotHttps();
        }

        var afterScheme = text[(separator + 3)..];
        var fragment = afterScheme.IndexOf('#', StringComparison.Ordinal);
        var address = fragment < 0 ? afterScheme : afterScheme[..fragment];
        var end = address.AsSpan().IndexOfAny('/', '?');
        return end < 0 ? (scheme, address, "/") : (scheme, address[..end], address[end..]);
    }

    private static void CheckPublic(string scheme, EgressAuthority authority)
    {
        if (scheme != Uri.UriSchemeHttps)
        {
            throw NotHttps();
        }

        if (authority.Address is { } address)
        {
            EgressAddressPolicy.Check(address);
            return;
        }

        if (Array.Exists(s_localSuffixes, suffix =>
            authority.Host == suffix || authority.Host.EndsWith("." + suffix, StringComparison.Ordinal)))
        {
            throw EgressAddressPolicy.NotPublic();
        }

        if (!authority.Host.Contains('.', StringComparison.Ordinal))
        {
            throw new EgressRefusedException(EgressRefusal.Host, "The host must be a full DNS name, such as hooks.example.com.");
        }
    }

    private static EgressRefusedException TooLong() => new(EgressRefusal.Malformed, $"The URL is longer than {MaxLength} characters.");

    private static EgressRefusedException NotHttps() => new(EgressRefusal.Scheme, "The URL must start with https://.");

    private static EgressRefusedException Malformed() => new(EgressRefusal.Malformed, "This is not a URL of the form https://host/path.");
}
