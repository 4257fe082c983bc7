using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.Zoho;

/// <summary>How a tenant's Zoho CRM is connected. Which data centre it is in is told when the person comes back; everything then goes there alone.</summary>
internal static class ZohoDefaults
{
    public const string Provider = "zoho";

    public static readonly CrmProvider Definition = new(Provider, "Zoho CRM", CrmSignIn.AuthorizationCode, CrmForm.Empty)
    {
        // The first is where everybody signs in: Zoho sends each on to the data centre of the account.
        OAuth = new OAuthDefinition(
        [
            Site("us", "accounts.zoho.com", "zohoapis.com"),
            Site("eu", "accounts.zoho.eu", "zohoapis.eu"),
            Site("in", "accounts.zoho.in", "zohoapis.in"),
            Site("cn", "accounts.zoho.com.cn", "zohoapis.com.cn"),
            Site("au", "accounts.zoho.com.au", "zohoapis.com.au"),
            Site("jp", "accounts.zoho.jp", "zohoapis.jp"),
            Site("ca", "accounts.zohocloud.ca", "zohoapis.ca"),
            Site("sa", "accounts.zoho.sa", "zohoapis.sa"),
        ])
        {
            SiteSource = OAuthSiteSource.Told,
            Scopes = ["ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.org.READ"],
            ScopeSeparator = ",",

            // Without these two no refresh token is given, or only the first time.
            AuthorizeParameters = new Dictionary<string, string> { ["response_type"] = "code", ["access_type"] = "offline", ["prompt"] = "consent" },
            Members = new Dictionary<string, string> { ["api_domain"] = OAuthCredentials.ApiUrl },
            AccountCall = new OAuthAccountCall(
                new Uri("/crm/v8/org", UriKind.Relative), "Zoho-oauthtoken", new Dictionary<string, string> { ["org/0/zgid"] = "org_id" }),
            AccountOf = kept => kept.GetValueOrDefault("org_id"),
        },
        AccountOf = OAuthCredentials.AccountOf,
    };

    private static OAuthSite Site(string location, string accounts, string api) => new(location, new Uri($"https://{accounts}/oauth/v2/token"))
    {
        AuthorizeUrl = new Uri($"https://{accounts}/oauth/v2/auth"),
        ApiHosts = [$"www.{api}", $"sandbox.{api}", $"developer.{api}"],
    };
}
