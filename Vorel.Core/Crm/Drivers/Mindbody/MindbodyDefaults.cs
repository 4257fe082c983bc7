using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Crm.Drivers.Mindbody;

/// <summary>How a tenant's Mindbody site is connected.</summary>
internal static class MindbodyDefaults
{
    public const string Provider = "mindbody";

    public static readonly CrmProvider Definition = new(
        Provider,
        "Mindbody",
        CrmSignIn.Form,
        new CrmForm(
        [
            new CrmFormField("site_id", "Site id", CrmFieldKind.Text) { MaxLength = 20 },
            new CrmFormField("api_key", "API key", CrmFieldKind.Secret),
        ]))
    {
        AccountOf = credentials => CrmCredentials.Text(credentials, "site_id"),
    };
}
