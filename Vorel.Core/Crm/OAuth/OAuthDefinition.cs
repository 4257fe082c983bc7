namespace Vorel.Core.Crm.OAuth;

/// <summary>How a provider gives out tokens, as data.</summary>
/// <param name="TokenUrl">Its token endpoint (RFC 6749, 3.2), where it is the same for everybody; else what a choice or a data centre decides takes its place.</param>
public sealed record OAuthDefinition(Uri TokenUrl)
{
    /// <summary>The page on which somebody signs in; null for client credentials.</summary>
    public Uri? AuthorizeUrl { get; init; }

    /// <summary>The scopes that Vorel needs, without any of which a connection does not become active.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether it takes PKCE (RFC 7636, S256).</summary>
    public bool UsesPkce { get; init; }
}
