namespace Vorel.Core.Integration;

/// <summary>
/// Tells the operator's own systems what happened, by messages that their subscriptions filter. At least once: repeats carry the same id.
/// Where nothing is configured publishing does nothing: there is nobody to tell.
/// </summary>
public interface IIntegrationEvents
{
    /// <summary>Whether there is anybody to tell. If not, nothing needs to be kept for later.</summary>
    bool IsConfigured { get; }

    /// <summary>Publishes an event. When it returns the event is held for its receivers.</summary>
    /// <exception cref="EventNotPublishedException">It may be there and may not: the caller keeps it and tries again, under the same id.</exception>
    Task Publish(IntegrationEvent integrationEvent, CancellationToken cancellationToken);
}
