namespace Vorel.Core.Integration;

/// <summary>The types of events, as subscriptions filter them.</summary>
public static class IntegrationEventTypes
{
    /// <summary>Something stands still until somebody acts, or until what it depends on comes back.</summary>
    public const string IncidentOpened = "incident.opened";

    /// <summary>It goes on.</summary>
    public const string IncidentClosed = "incident.closed";
}
