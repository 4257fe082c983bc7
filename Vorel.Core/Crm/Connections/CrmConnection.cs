namespace Vorel.Core.Crm.Connections;

/// <summary>A tenant's connection to its CRM, without what opens it.</summary>
/// <param name="Provider">The provider's slug, for example <c>custom_webhook</c>.</param>
/// <param name="Status">Whether records are written to it.</param>
/// <param name="ConnectedAt">Since when.</param>
public sealed record CrmConnection(string Provider, CrmConnectionStatus Status, DateTimeOffset ConnectedAt)
{
    /// <summary>Another one each time the CRM is connected.</summary>
    internal Guid Id { get; init; }
}

/// <summary>Whether a connection is used.</summary>
public enum CrmConnectionStatus
{
    /// <summary>Not tested yet: nothing is written to it.</summary>
    Pending,

    /// <summary>It is used.</summary>
    Active,
}
