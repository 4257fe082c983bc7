namespace Vorel.Durable;

/// <summary>A payload is not JSON of the type that it should be. The message names the payload, never its content.</summary>
public sealed class DurablePayloadException(string message, Exception? inner = null) : Exception(message, inner), ISafeMessage
{
    /// <inheritdoc/>
    public string SafeMessage => Message;

    /// <inheritdoc/>
    public bool IsRetriable => false;
}
