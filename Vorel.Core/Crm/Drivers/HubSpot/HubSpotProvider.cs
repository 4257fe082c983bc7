using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>How a tenant's HubSpot account is connected.</summary>
internal static class HubSpotProvider
{
    public const string Slug = "hubspot";

    public static readonly CrmProvider Definition = new(Slug, "HubSpot", CrmSignIn.AuthorizationCode, CrmForm.Empty)
    {
        OAuth = new OAuthDefinition([new OAuthSite("", new Uri("https://api.hubapi.com/oauth/v1/token")) { AuthorizeUrl = new Uri("https://app.hubspot.com/oauth/authorize") }])
        {
            Scopes =
            [
                "oauth", "tickets",
                "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read", "crm.schemas.contacts.write",
                "crm.objects.deals.read", "crm.objects.deals.write", "crm.schemas.deals.read", "crm.schemas.deals.write",
            ],
            UsesPkce = true,
            ScopesMember = "scopes",
            IntrospectUrl = new Uri("https://api.hubapi.com/oauth/v3/token/introspect"),
            AccountCall = new OAuthAccountCall(
                new Uri("https://api.hubapi.com/account-info/v3/details"),
                "Bearer",
                new Dictionary<string, string> { ["portalId"] = "portal_id", ["uiDomain"] = "ui_domain" }),
            AccountOf = kept => kept.GetValueOrDefault("portal_id"),
        },
        AccountOf = OAuthCredentials.AccountOf,
    };
}
