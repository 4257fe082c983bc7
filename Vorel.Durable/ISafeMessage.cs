namespace Vorel.Durable;

/// <summary>
/// An exception whose message may leave the process. The messages of all others are withheld, because they end in the history
/// and in the status API and may quote a customer's data.
/// </summary>
public interface ISafeMessage
{
    /// <summary>What went wrong, without customer data, secrets or paths.</summary>
    string SafeMessage { get; }

    /// <summary>The same call may succeed later, unchanged.</summary>
    bool IsRetriable => true;
}
