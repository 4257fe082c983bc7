using System.Text.Json;
using Vorel.Core.Crm.OAuth;

namespace Vorel.Core.Crm.Providers;

/// <summary>One provider, as data: how a tenant is connected to it and how its driver is made. Each lies in the folder of its driver.</summary>
/// <param name="Slug">Its stable name in rows, routes and answers, for example <c>hubspot</c>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="SignIn">How it is connected.</param>
/// <param name="Form">What an operator enters; empty where all comes from the provider's own page.</param>
public sealed record CrmProvider(string Slug, string Name, CrmSignIn SignIn, CrmForm Form)
{
    /// <summary>Where tokens come from; null for <see cref="CrmSignIn.Form"/>.</summary>
    public OAuthDefinition? OAuth { get; init; }

    /// <summary>What tells the account from all others at the provider, out of its credentials: it names the system that a connection leads to.</summary>
    public required Func<JsonElement, string> AccountOf { get; init; }

    /// <summary>Whether records can be written to it.</summary>
    public bool HasDriver => Open is not null;

    /// <summary>Makes the driver; null where there is none yet, and then a connection stays pending.</summary>
    internal Func<CrmDriverContext, CrmDriverServices, ICrmDriver>? Open { get; init; }
}

/// <summary>How a tenant's account at a provider is connected.</summary>
public enum CrmSignIn
{
    /// <summary>An operator enters what the customer has been given.</summary>
    Form,

    /// <summary>OAuth 2.0 authorization code: somebody signs in on the provider's own page.</summary>
    AuthorizationCode,

    /// <summary>OAuth 2.0 client credentials: entered in a form, exchanged for tokens without anybody signing in.</summary>
    ClientCredentials,
}
