using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.Athenahealth;

/// <summary>How a tenant's athenahealth practice is connected.</summary>
internal static class AthenahealthDefaults
{
    public const string Provider = "athenahealth";

    public static readonly CrmProvider Definition = new(
        Provider,
        "athenahealth",
        CrmSignIn.ClientCredentials,
        new CrmForm(
        [
            new CrmFormField("client_id", "Client id", CrmFieldKind.Text),
            new CrmFormField("client_secret", "Client secret", CrmFieldKind.Secret),
            new CrmFormField("practice_id", "Practice id", CrmFieldKind.Text) { MaxLength = 20 },
            OAuthDefinition.EnvironmentField("production", "preview"),
        ]))
    {
        OAuth = new OAuthDefinition([Site("production", "api.platform.athenahealth.com"), Site("preview", "api.preview.platform.athenahealth.com")])
        {
            SiteSource = OAuthSiteSource.Entered,
            Dialect = TokenDialect.BasicForm,
            Scopes = ["athena/service/Athenanet.MDP.*"],
        },
        AccountOf = credentials => CrmCredentials.Text(credentials, OAuthDefinition.Environment) + "/" + CrmCredentials.Text(credentials, "practice_id"),
    };

    private static OAuthSite Site(string name, string host) => new(name, new Uri($"https://{host}/oauth2/v1/token"));
}
