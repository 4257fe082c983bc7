using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Tests.Support;

/// <summary>Providers that give out tokens, for tests that look at nobody's driver.</summary>
internal static class TokenProviders
{
    /// <summary>Somebody signs in at it.</summary>
    public static CrmProvider Granting { get; } = new("granting", "Granting", CrmSignIn.AuthorizationCode, CrmForm.Empty)
    {
        AccountOf = _ => "1",
        OAuth = new OAuthDefinition([new OAuthSite("", new Uri("https://granting.example.com/token"))]) { Scopes = ["read", "write", "delete"] },
    };

    /// <summary>It gives tokens to whoever knows the client's secret.</summary>
    public static CrmProvider Exchanging { get; } = Granting with { Slug = "exchanging", Name = "Exchanging", SignIn = CrmSignIn.ClientCredentials };

    /// <summary>One of them, or one of the product's.</summary>
    public static CrmProvider? Find(string slug) => slug == Granting.Slug ? Granting : slug == Exchanging.Slug ? Exchanging : CrmProviders.Find(slug);
}
