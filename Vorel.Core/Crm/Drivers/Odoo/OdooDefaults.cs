using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.Odoo;

/// <summary>How a tenant's Odoo is connected.</summary>
internal static class OdooDefaults
{
    public const string Provider = "odoo";

    public static readonly CrmProvider Definition = new(
        Provider,
        "Odoo",
        CrmSignIn.Form,
        new CrmForm(
        [
            new CrmFormField("url", "Instance URL", CrmFieldKind.Url),
            new CrmFormField("database", "Database", CrmFieldKind.Text),
            new CrmFormField("username", "User name", CrmFieldKind.Text),
            new CrmFormField("secret", "API key or password", CrmFieldKind.Secret),
        ]))
    {
        AccountOf = credentials => CrmSystem.AccountOf(new Uri(CrmCredentials.Text(credentials, "url"))) + "#" + CrmCredentials.Text(credentials, "database"),
    };
}
