namespace Vorel.Core.Integration;

/// <summary>Nobody can say that an event is held: the service is away, or does not let us in. Worth another try later, whatever the reason.</summary>
public sealed class EventNotPublishedException(string message, Exception inner) : Exception(message, inner);
