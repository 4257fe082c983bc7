namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>
/// HubSpot's paths in either form: with a numbered version, as <c>/crm/v3/objects/contacts</c>, or with a dated one, as
/// <c>/crm/objects/2026-03/contacts</c>. What is put into a path is ours or checked before: a slug, a number, a key.
/// </summary>
internal sealed class HubSpotPaths(string version)
{
    private bool IsNumbered => version.StartsWith('v');

    public Uri Objects(string slug, string rest = "") => Of("objects", slug + rest);

    public Uri Properties(string slug) => Of("properties", slug);

    public Uri Pipelines(string slug) => Of("pipelines", slug);

    /// <summary>Custom object types.</summary>
    public Uri Schemas() => new(HubSpotDefaults.Api, $"/crm-object-schemas/{version}/schemas");

    public Uri Account() => new(HubSpotDefaults.Api, $"/account-info/{version}/details");

    /// <summary>What a record is associated with. These have a version of their own, the fourth.</summary>
    public Uri Associated(string slug, string id, string to) =>
        new(HubSpotDefaults.Api, IsNumbered ? $"/crm/v4/objects/{slug}/{id}/associations/{to}" : $"/crm/objects/{version}/{slug}/{id}/associations/{to}");

    /// <summary>Associates two records without a label.</summary>
    public Uri Associate(string slug, string id, string to, string toId) =>
        new(HubSpotDefaults.Api, IsNumbered ? $"/crm/v4/objects/{slug}/{id}/associations/default/{to}/{toId}" : $"/crm/objects/{version}/{slug}/{id}/associations/default/{to}/{toId}");

    private Uri Of(string family, string rest) => new(HubSpotDefaults.Api, IsNumbered ? $"/crm/{version}/{family}/{rest}" : $"/crm/{family}/{version}/{rest}");
}
