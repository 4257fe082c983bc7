using Vorel.Core.Crm.Drivers.CustomWebhook;
using Vorel.Core.Crm.Drivers.HubSpot;

namespace Vorel.Core.Crm.Providers;

/// <summary>Which providers there are. One folder under <c>Drivers</c> and one line here is the whole cost of a new one.</summary>
public static class CrmProviders
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<CrmProvider> All { get; } = [CustomWebhookDefaults.Definition, HubSpotDefaults.Definition];

    /// <summary>The provider of a slug, or null.</summary>
    public static CrmProvider? Find(string? slug) => All.FirstOrDefault(provider => provider.Slug == slug);
}
