namespace Vorel.Durable;

/// <summary>Why a task or an orchestration failed. Type and message only: the status API exposes both.</summary>
/// <param name="ErrorType">The failure's full type name.</param>
/// <param name="ErrorMessage">A message without customer data.</param>
/// <param name="IsNonRetriable">Another attempt cannot succeed.</param>
/// <param name="InnerFailure">What caused it, where the host tells.</param>
public sealed record TaskFailureDetails(
    string ErrorType, string ErrorMessage, bool IsNonRetriable = false, TaskFailureDetails? InnerFailure = null)
{
    /// <summary>
    /// The code did not answer: its process died, was unreachable, or knows no such activity. Whether its effect happened is
    /// unknown. False when the activity or sub-orchestration itself reported the failure.
    /// </summary>
    public bool IsInfrastructure { get; init; }

    /// <summary>True when the failure was an exception of exactly this type.</summary>
    public bool IsCausedBy<TException>() where TException : Exception =>
        string.Equals(ErrorType, typeof(TException).FullName, StringComparison.Ordinal);
}
