using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.Toast;

/// <summary>How a tenant's Toast restaurant is connected.</summary>
internal static class ToastDefaults
{
    public const string Provider = "toast";

    public static readonly CrmProvider Definition = new(
        Provider,
        "Toast",
        CrmSignIn.ClientCredentials,
        new CrmForm(
        [
            new CrmFormField("client_id", "Client id", CrmFieldKind.Text),
            new CrmFormField("client_secret", "Client secret", CrmFieldKind.Secret),
            new CrmFormField("restaurant_guid", "Restaurant GUID", CrmFieldKind.Text) { MinLength = 36, MaxLength = 36 },
            OAuthDefinition.EnvironmentField("production", "sandbox"),
        ]))
    {
        OAuth = new OAuthDefinition([Site("production", "ws-api.toasttab.com"), Site("sandbox", "ws-sandbox-api.eng.toasttab.com")])
        {
            SiteSource = OAuthSiteSource.Entered,
            Dialect = TokenDialect.Login,
            ScopesMember = null,
        },
        AccountOf = credentials => CrmCredentials.Text(credentials, OAuthDefinition.Environment) + "/" + CrmCredentials.Text(credentials, "restaurant_guid"),
    };

    private static OAuthSite Site(string name, string host) => new(name, new Uri($"https://{host}/authentication/v1/authentication/login"));
}
