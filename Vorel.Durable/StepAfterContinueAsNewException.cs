namespace Vorel.Durable;

/// <summary>
/// Orchestrator code took a step after <see cref="TaskOrchestrationContext.ContinueAsNew"/>. The next execution would know nothing of it,
/// so the instance fails, even where the code swallows this exception.
/// </summary>
public sealed class StepAfterContinueAsNewException(string message) : Exception(message), ISafeMessage
{
    /// <inheritdoc/>
    public string SafeMessage => Message;

    /// <inheritdoc/>
    public bool IsRetriable => false;
}
