namespace Vorel.Durable;

/// <summary>The host called an activity that this worker does not have. Retriable: the caller may be ahead of a deployment.</summary>
public sealed class ActivityNotFoundException(string name) : Exception($"No activity is named '{name}'."), ISafeMessage
{
    /// <inheritdoc/>
    public string SafeMessage => Message;
}
