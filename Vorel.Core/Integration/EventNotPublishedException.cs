namespace Vorel.Core.Integration;

/// <summary>Nobody can say that an event is held: the service is away, or does not let us in. Worth another try later, whatever the reason.</summary>
public sealed class EventNotPublishedException(string message, string cause, Exception inner) : Exception(message, inner)
{
    /// <summary>What is known of the reason, as a code: the status of the answer, or the kind of failure where there was none.</summary>
    public string Cause { get; } = cause;
}
