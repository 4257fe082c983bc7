namespace Vorel.Durable;

/// <summary>A turn produced an answer that the host would refuse or stall on; a failure is sent in its place.</summary>
public sealed class InvalidOrchestratorResponseException(string message) : Exception(message), ISafeMessage
{
    /// <inheritdoc/>
    public string SafeMessage => Message;

    /// <inheritdoc/>
    public bool IsRetriable => false;
}
