using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.RestApi;

/// <summary>How any other CRM with a REST API is connected.</summary>
internal static class RestApiDefaults
{
    public const string Provider = "rest_api";

    private const string Auth = "auth";

    public static readonly CrmProvider Definition = new(
        Provider,
        "REST API",
        CrmSignIn.Form,
        new CrmForm(
        [
            new CrmFormField("base_url", "Base URL", CrmFieldKind.Url),
            new CrmFormField(Auth, "Authentication", CrmFieldKind.Choice) { Choices = ["api_key", "bearer", "basic", "none"] },
            new CrmFormField("api_key", "API key", CrmFieldKind.Secret) { When = new(Auth, "api_key"), MaxLength = 2000 },
            new CrmFormField("api_key_header", "Header of the API key", CrmFieldKind.Text) { When = new(Auth, "api_key"), MaxLength = 100 },
            new CrmFormField("token", "Bearer token", CrmFieldKind.Secret) { When = new(Auth, "bearer"), MaxLength = 4000 },
            new CrmFormField("username", "User name", CrmFieldKind.Text) { When = new(Auth, "basic") },
            new CrmFormField("password", "Password", CrmFieldKind.Secret) { When = new(Auth, "basic") },
            new CrmFormField("delete_is_hard", "A delete removes for good", CrmFieldKind.Switch) { Required = false },
        ]))
    {
        AccountOf = credentials => CrmSystem.AccountOf(new Uri(CrmCredentials.Text(credentials, "base_url"))),
    };
}
