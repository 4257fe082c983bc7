using Proto = Vorel.Durable.Protocol;

namespace Vorel.Durable.Replay;

/// <summary>Turns exceptions and the host's failure details into what may be shown.</summary>
internal static class Failures
{
    private const string Withheld = "The message is withheld: it may hold what must not leave the process.";

    /// <summary>What is told of an exception: never its stack, and its message only where the exception vouches for it.</summary>
    public static ActivityFailure Describe(Exception exception, Func<Exception, ActivityFailure?>? describe)
    {
        var type = exception.GetType().FullName ?? exception.GetType().Name;
        return exception is ISafeMessage safe
            ? new ActivityFailure(type, safe.SafeMessage, safe.IsRetriable)
            : describe?.Invoke(exception) ?? new ActivityFailure(type, Withheld, Retriable: true);
    }

    /// <summary>Details of a failed orchestration. A task's failure that escaped is passed on as its own.</summary>
    public static TaskFailureDetails OfOrchestration(Exception exception, Func<Exception, ActivityFailure?>? describe)
    {
        if (exception is TaskFailedException task)
        {
            return task.FailureDetails;
        }

        var failure = Describe(exception, describe);
        return new TaskFailureDetails(failure.Type, failure.Message, !failure.Retriable);
    }

    /// <summary>
    /// A TaskFailed event. Our activities report their own failures in their answers, so this is always the host speaking of a call
    /// that did not come back; without details, of an activity that it does not know.
    /// </summary>
    public static TaskFailureDetails OfCall(string activity, Proto.TaskFailureDetails? details) => details is null
        ? new TaskFailureDetails("Vorel.Durable.ActivityNotInvokable", $"Activity '{activity}' was not found or could not be called.")
        {
            IsInfrastructure = true,
        }
        : FromWire(details, infrastructure: true);

    /// <summary>A sub-orchestration's failure. Its own come with details; without, its turn was a call that did not come back.</summary>
    public static TaskFailureDetails OfChild(string child, Proto.TaskFailureDetails? details) => details is null
        ? new TaskFailureDetails("Vorel.Durable.SubOrchestrationInterrupted", $"Sub-orchestration '{child}' was interrupted: a call of it did not come back.")
        {
            IsInfrastructure = true,
        }
        : FromWire(details, infrastructure: false);

    /// <summary>What the parent of a terminated sub-orchestration is told.</summary>
    public static TaskFailureDetails OfTermination(string? reason) => new(
        "Vorel.Durable.OrchestrationTerminated", $"The orchestration was terminated: {reason ?? "no reason was given"}", IsNonRetriable: true);

    public static TaskFailureDetails FromWire(Proto.TaskFailureDetails details, bool infrastructure) => new(
        details.ErrorType,
        details.ErrorMessage,
        details.IsNonRetriable,
        details.InnerFailure is { } inner ? FromWire(inner, infrastructure) : null)
    {
        IsInfrastructure = infrastructure,
    };

    /// <summary>Type and message for the wire. An inner failure of the host's may quote addresses: it stays here.</summary>
    public static Proto.TaskFailureDetails ToWire(TaskFailureDetails details) => new()
    {
        ErrorType = details.ErrorType,
        ErrorMessage = details.ErrorMessage,
        IsNonRetriable = details.IsNonRetriable,
    };
}
