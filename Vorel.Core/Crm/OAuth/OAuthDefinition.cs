using System.Text.Json;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.OAuth;

/// <summary>How a provider gives out tokens, as data.</summary>
/// <param name="Sites">The places at which it does: one, or an environment each, or a data centre each.</param>
public sealed record OAuthDefinition(IReadOnlyList<OAuthSite> Sites)
{
    /// <summary>The field in which an environment is chosen.</summary>
    public const string Environment = "environment";

    /// <summary>Who says which of several sites it is.</summary>
    public OAuthSiteSource SiteSource { get; init; }

    /// <summary>The scopes that Vorel needs, without any of which a connection does not become active.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>What stands between two scopes on the way to the provider.</summary>
    public string ScopeSeparator { get; init; } = " ";

    /// <summary>Whether it takes PKCE (RFC 7636, S256).</summary>
    public bool UsesPkce { get; init; }

    /// <summary>What else its page is asked with.</summary>
    public IReadOnlyDictionary<string, string> AuthorizeParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>How the token endpoint is spoken to.</summary>
    public TokenDialect Dialect { get; init; }

    /// <summary>The member of its answers that lists the scopes granted; null where there is none, or it means something else.</summary>
    public string? ScopesMember { get; init; } = "scope";

    /// <summary>What else of its answers is kept, from the member there to the member of the sealed credentials.</summary>
    public IReadOnlyDictionary<string, string> Members { get; init; } = new Dictionary<string, string>();

    /// <summary>Where to ask what a token allows, if its answers do not say; null where that cannot be asked.</summary>
    public Uri? IntrospectUrl { get; init; }

    /// <summary>What is asked of the account with the new token; null for nothing.</summary>
    public OAuthAccountCall? AccountCall { get; init; }

    /// <summary>The account that a grant is of, out of what is kept of it; null where that is not in it, and then nothing is connected.</summary>
    public Func<IReadOnlyDictionary<string, string>, string?> AccountOf { get; init; } = _ => null;

    /// <summary>Whether credentials of this provider are exchanged for tokens at all: what was entered may be a key that is used as it is.</summary>
    public Func<JsonElement, bool> UsesTokens { get; init; } = _ => true;

    /// <summary>What may be chosen from when somebody signs in; empty where there is nothing to choose.</summary>
    public IReadOnlyList<string> Environments => SiteSource == OAuthSiteSource.Entered && Sites.Count > 1 ? [.. Sites.Select(site => site.Name)] : [];

    /// <summary>The field of a form in which one of the sites is chosen; the first, where it is left out.</summary>
    public static CrmFormField EnvironmentField(params IReadOnlyList<string> names) =>
        new(Environment, "Environment", CrmFieldKind.Choice) { Required = false, Choices = names, Default = names[0] };

    /// <summary>The site that credentials are of; null if it is none of the known ones.</summary>
    public OAuthSite? SiteOf(JsonElement credentials) => this switch
    {
        { Sites: [var only] } => only,
        _ when CrmCredentials.TextOrNull(credentials, OAuthCredentials.AccountsUrl) is { } accounts => Sites.FirstOrDefault(site => site.Origin == accounts),
        _ => Sites.FirstOrDefault(site => site.Name == CrmCredentials.TextOrNull(credentials, Environment)),
    };
}

/// <summary>Who says which site it is.</summary>
public enum OAuthSiteSource
{
    /// <summary>The operator: when the link is made, or in the form.</summary>
    Entered,

    /// <summary>The provider, as it sends the person back to us. Anybody can write that, so that only what is known is believed.</summary>
    Told,
}

/// <summary>How a token endpoint is spoken to.</summary>
public enum TokenDialect
{
    /// <summary>RFC 6749: a form, with the client's id and secret in it.</summary>
    Form,

    /// <summary>RFC 6749: a form, with the client's id and secret in the Authorization header.</summary>
    BasicForm,

    /// <summary>Toast's login: JSON both ways, the answer's names in camel case.</summary>
    Login,
}

/// <summary>A call that reads more of the account that somebody signed in to.</summary>
/// <param name="Address">Where; relative where the grant says the origin (<c>api_url</c>).</param>
/// <param name="Scheme">What stands before the token.</param>
/// <param name="Members">What is kept, from the path there (<c>org/0/id</c>) to the member of the sealed credentials.</param>
public sealed record OAuthAccountCall(Uri Address, string Scheme, IReadOnlyDictionary<string, string> Members);
