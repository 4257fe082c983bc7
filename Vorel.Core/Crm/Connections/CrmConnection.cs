namespace Vorel.Core.Crm.Connections;

/// <summary>A tenant's connection to a CRM or to its archive, without what opens it.</summary>
/// <param name="Provider">The provider's slug, for example <c>custom_webhook</c>.</param>
/// <param name="System">Which system it leads to: what was written over it can be changed over any other connection to the same system.</param>
/// <param name="ConnectedAt">Since when.</param>
public sealed record CrmConnection(string Provider, string System, DateTimeOffset ConnectedAt)
{
    /// <summary>Another one each time it is connected: the id of the active credential.</summary>
    internal Guid Id { get; init; }
}

/// <summary>What a tenant uses a connection for; it has at most one for each.</summary>
public enum CrmRole
{
    /// <summary>It is the tenant's CRM.</summary>
    Main,

    /// <summary>It takes what the CRM cannot hold.</summary>
    Archive,
}
