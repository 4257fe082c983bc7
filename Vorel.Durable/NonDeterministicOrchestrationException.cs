namespace Vorel.Durable;

/// <summary>
/// The orchestrator's code does not take the steps that its history holds: it was changed while the instance was running, or it
/// decides by something that differs between replays.
/// </summary>
public sealed class NonDeterministicOrchestrationException(string message) : Exception(message), ISafeMessage
{
    /// <inheritdoc/>
    public string SafeMessage => Message;

    /// <inheritdoc/>
    public bool IsRetriable => false;
}
