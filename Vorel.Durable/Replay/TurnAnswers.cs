using Vorel.Durable.Protocol;
using Kind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Replay;

/// <summary>
/// Builds a turn's answer. The custom status that the code has set goes into every one, because an absent one clears it. Completing does not
/// wait for steps that are still open: activities that were started run on, their answers are dropped by the host.
/// </summary>
internal sealed class TurnAnswers(string instanceId)
{
    /// <summary>16 KiB of UTF-16, above which the host fails the instance.</summary>
    public const int MaximumCustomStatusLength = 8 * 1024;

    public string? CustomStatus { get; set; }

    /// <summary>An id above every one in the history: code that was changed, or that did not run, may have taken fewer steps than are recorded.</summary>
    public static int CompletionId(OrchestratorRequest request) =>
        Math.Max(0, request.PastEvents.Concat(request.NewEvents).Select(next => next.EventId).DefaultIfEmpty(-1).Max() + 1);

    public OrchestratorResponse Waiting(IEnumerable<OrchestratorAction> steps)
    {
        var response = new OrchestratorResponse { InstanceId = instanceId, CustomStatus = CustomStatus };
        response.Actions.AddRange(steps);
        return response;
    }

    public OrchestratorResponse Completed(int id, string? result, IEnumerable<OrchestratorAction> steps) =>
        Complete(id, new CompleteOrchestrationAction { OrchestrationStatus = OrchestrationStatus.Completed, Result = result }, steps);

    /// <summary>Ends this execution. The next one begins with the new input and, in order, with the events that this one did not take.</summary>
    public OrchestratorResponse ContinuedAsNew(
        int id, string? input, IEnumerable<HistoryEvent> carried, IEnumerable<OrchestratorAction> steps)
    {
        var completion = new CompleteOrchestrationAction { OrchestrationStatus = OrchestrationStatus.ContinuedAsNew, Result = input };
        completion.CarryoverEvents.AddRange(carried);
        return Complete(id, completion, steps);
    }

    /// <summary>The result is the terminating client's text, exactly. Steps of this turn are not taken any more.</summary>
    public OrchestratorResponse Terminated(int id, string? reason, bool isChild) => Complete(
        id,
        new CompleteOrchestrationAction
        {
            OrchestrationStatus = OrchestrationStatus.Terminated,
            Result = reason,

            // To its parent a child that ends without details was interrupted, and would be called again.
            FailureDetails = isChild ? Failures.ToWire(Failures.OfTermination(reason)) : null,
        },
        []);

    public OrchestratorResponse Failed(int id, TaskFailureDetails failure, IEnumerable<OrchestratorAction> steps) => Complete(
        id,
        new CompleteOrchestrationAction
        {
            OrchestrationStatus = OrchestrationStatus.Failed,
            Result = $"{failure.ErrorType}: {failure.ErrorMessage}",
            FailureDetails = Failures.ToWire(failure),
        },
        steps);

    private OrchestratorResponse Complete(int id, CompleteOrchestrationAction completion, IEnumerable<OrchestratorAction> steps)
    {
        // A timer of an instance that ends now has nobody to wake.
        var response = Waiting(steps.Where(step => step.OrchestratorActionTypeCase != Kind.CreateTimer));
        response.Actions.Add(new OrchestratorAction { Id = id, CompleteOrchestration = completion });
        return response;
    }
}
