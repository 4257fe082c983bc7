using Vorel.Core.Crm.Drivers.Athenahealth;
using Vorel.Core.Crm.Drivers.CustomWebhook;
using Vorel.Core.Crm.Drivers.HubSpot;
using Vorel.Core.Crm.Drivers.Mindbody;
using Vorel.Core.Crm.Drivers.Odoo;
using Vorel.Core.Crm.Drivers.RestApi;
using Vorel.Core.Crm.Drivers.Salesforce;
using Vorel.Core.Crm.Drivers.Tekmetric;
using Vorel.Core.Crm.Drivers.Toast;
using Vorel.Core.Crm.Drivers.Zoho;

namespace Vorel.Core.Crm.Providers;

/// <summary>Which providers there are. One folder under <c>Drivers</c> and one line here is the whole cost of a new one.</summary>
public static class CrmProviders
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<CrmProvider> All { get; } =
    [
        HubSpotProvider.Definition,
        SalesforceDefaults.Definition,
        ZohoDefaults.Definition,
        AthenahealthDefaults.Definition,
        MindbodyDefaults.Definition,
        TekmetricDefaults.Definition,
        OdooDefaults.Definition,
        ToastDefaults.Definition,
        CustomWebhookDefaults.Definition,
        RestApiDefaults.Definition,
    ];

    /// <summary>The provider of a slug, or null.</summary>
    public static CrmProvider? Find(string? slug) => All.FirstOrDefault(provider => provider.Slug == slug);
}
