namespace Vorel.Durable;

/// <summary>The request holds what this worker cannot replay; to go on would give a wrong result.</summary>
public sealed class UnsupportedHistoryException(string message) : Exception(message), ISafeMessage
{
    /// <inheritdoc/>
    public string SafeMessage => Message;

    /// <inheritdoc/>
    public bool IsRetriable => false;
}
