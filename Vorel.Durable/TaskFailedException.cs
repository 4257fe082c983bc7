namespace Vorel.Durable;

/// <summary>An activity or sub-orchestration failed, after all attempts its policy allowed.</summary>
public sealed class TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
    : Exception($"Task '{taskName}' (#{taskId}) failed: {failureDetails.ErrorType}: {failureDetails.ErrorMessage}"), ISafeMessage
{
    /// <summary>The activity's or sub-orchestration's name.</summary>
    public string TaskName { get; } = taskName;

    /// <summary>The step's number in the history.</summary>
    public int TaskId { get; } = taskId;

    /// <summary>How it failed.</summary>
    public TaskFailureDetails FailureDetails { get; } = failureDetails;

    /// <inheritdoc/>
    public string SafeMessage => Message;

    /// <inheritdoc/>
    public bool IsRetriable => !FailureDetails.IsNonRetriable;
}
