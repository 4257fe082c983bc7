namespace Vorel.Durable;

/// <summary>
/// Orchestrator code waited for something that is not in the history (Task.Delay, Task.Run, I/O, ConfigureAwait(false), a blocked
/// thread). A replay could not repeat it.
/// </summary>
public sealed class NonDurableWaitException(string message) : Exception(message), ISafeMessage
{
    /// <inheritdoc/>
    public string SafeMessage => Message;

    /// <inheritdoc/>
    public bool IsRetriable => false;
}
