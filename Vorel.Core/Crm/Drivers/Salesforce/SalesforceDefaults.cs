using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.Salesforce;

/// <summary>How a tenant's Salesforce org is connected.</summary>
internal static class SalesforceDefaults
{
    public const string Provider = "salesforce";

    /// <summary>Production has two kinds of hosts, My Domain and the older instances (<c>na1.salesforce.com</c>). Lightning's is none at which the API is.</summary>
    private static readonly string[] s_hosts = [".my.salesforce.com", ".salesforce.com"];

    public static readonly CrmProvider Definition = new(Provider, "Salesforce", CrmSignIn.AuthorizationCode, CrmForm.Empty)
    {
        OAuth = new OAuthDefinition([Site("production", "login.salesforce.com"), Site("sandbox", "test.salesforce.com")])
        {
            SiteSource = OAuthSiteSource.Entered,
            Scopes = ["api", "refresh_token"],
            UsesPkce = true,
            AuthorizeParameters = new Dictionary<string, string> { ["response_type"] = "code" },
            Members = new Dictionary<string, string> { ["instance_url"] = OAuthCredentials.ApiUrl, ["id"] = "identity_url" },
            AccountOf = kept => OrgOf(kept.GetValueOrDefault("identity_url")),
        },
        AccountOf = OAuthCredentials.AccountOf,
    };

    /// <summary>The org in <c>https://login.salesforce.com/id/{org}/{user}</c>: letters and digits, 15 or 18 of them.</summary>
    private static string? OrgOf(string? identity) =>
        identity?.Split('/') is [.., "id", { Length: 15 or 18 } org, _] && org.All(char.IsAsciiLetterOrDigit) ? org : null;

    private static OAuthSite Site(string name, string host) => new(name, new Uri($"https://{host}/services/oauth2/token"))
    {
        AuthorizeUrl = new Uri($"https://{host}/services/oauth2/authorize"),
        ApiHosts = s_hosts,
    };
}
