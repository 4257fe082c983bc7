using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.Tekmetric;

/// <summary>How a tenant's Tekmetric shop is connected: by a client's id and secret, or by a key that is used as it is.</summary>
internal static class TekmetricDefaults
{
    public const string Provider = "tekmetric";

    private const string ClientId = "client_id";
    private const string ClientSecret = "client_secret";
    private const string ApiKey = "api_key";

    public static readonly CrmProvider Definition = new(
        Provider,
        "Tekmetric",
        CrmSignIn.ClientCredentials,
        new CrmForm(
        [
            new CrmFormField("shop_id", "Shop id", CrmFieldKind.Text) { MaxLength = 20 },
            new CrmFormField(ClientId, "Client id", CrmFieldKind.Text) { Required = false },
            new CrmFormField(ClientSecret, "Client secret", CrmFieldKind.Secret) { Required = false },
            new CrmFormField(ApiKey, "API key", CrmFieldKind.Secret) { Required = false, MaxLength = 2000 },
            OAuthDefinition.EnvironmentField("production", "sandbox"),
        ])
        {
            OneOf = [[ClientId, ClientSecret], [ApiKey]],
        })
    {
        OAuth = new OAuthDefinition([Site("production", "shop.tekmetric.com"), Site("sandbox", "sandbox.tekmetric.com")])
        {
            SiteSource = OAuthSiteSource.Entered,
            Dialect = TokenDialect.BasicForm,

            // Its scopes are the ids of shops.
            ScopesMember = null,
            Members = new Dictionary<string, string> { ["scope"] = "shop_ids" },
            UsesTokens = credentials => !credentials.TryGetProperty(ApiKey, out _),
        },
        AccountOf = credentials => CrmCredentials.Text(credentials, OAuthDefinition.Environment) + "/" + CrmCredentials.Text(credentials, "shop_id"),
    };

    private static OAuthSite Site(string name, string host) => new(name, new Uri($"https://{host}/api/v1/oauth/token"));
}
