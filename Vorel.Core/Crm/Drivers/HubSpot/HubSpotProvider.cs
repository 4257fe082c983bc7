using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>How a tenant's HubSpot account is connected.</summary>
internal static class HubSpotProvider
{
    public static readonly CrmProvider Definition = new(HubSpotDefaults.Provider, HubSpotDefaults.Name, CrmSignIn.AuthorizationCode, CrmForm.Empty)
    {
        OAuth = new OAuthDefinition([new OAuthSite("", new Uri(HubSpotDefaults.Api, "/oauth/v1/token")) { AuthorizeUrl = new Uri(HubSpotDefaults.App, "/oauth/authorize") }])
        {
            Scopes = HubSpotDefaults.Scopes,
            UsesPkce = true,
            ScopesMember = "scopes",
            IntrospectUrl = new Uri(HubSpotDefaults.Api, "/oauth/v3/token/introspect"),
            AccountCall = new OAuthAccountCall(
                HubSpotDefaults.Paths.Account(), "Bearer", new Dictionary<string, string> { ["portalId"] = "portal_id", ["uiDomain"] = "ui_domain" }),
            AccountOf = kept => kept.GetValueOrDefault("portal_id"),
        },
        AccountOf = OAuthCredentials.AccountOf,
        Open = HubSpotDriver.Open,
    };
}
