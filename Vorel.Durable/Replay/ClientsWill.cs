using Vorel.Durable.Protocol;

namespace Vorel.Durable.Replay;

/// <summary>What clients did to an instance decides its answer before anything that its code does, or cannot do.</summary>
internal static class ClientsWill
{
    /// <summary>
    /// The answer of a terminated or suspended instance, null of any other. An instance that cannot be replayed must still be stoppable; and
    /// whatever a suspended one reached is held back, since the resume's turn replays the same history to the same point. Its custom status
    /// is what the code has set up to there: where the code does not run, none, which clears it until the resume.
    /// </summary>
    public static OrchestratorResponse? Answer(OrchestratorRequest request, TurnAnswers answers, int completionId)
    {
        var history = request.PastEvents.Concat(request.NewEvents);
        if (history.FirstOrDefault(next => next.ExecutionTerminated is not null) is { } terminated)
        {
            var isChild = history.Any(next => next.ExecutionStarted?.ParentInstance is not null);
            return answers.Terminated(completionId, terminated.ExecutionTerminated.Input, isChild);
        }

        return Suspension.IsSuspended(history) ? answers.Waiting([]) : null;
    }
}
