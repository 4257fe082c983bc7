using System.Diagnostics.CodeAnalysis;
using Vorel.Durable.Protocol;
using Kind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Replay;

/// <summary>
/// What an answer must be for the engine to take it. An unsupported action after Complete makes the host retry for ever, so that
/// this is checked before anything is sent.
/// </summary>
internal static class ResponseRules
{
    /// <summary>The host's queues hold no message for longer.</summary>
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(7);

    /// <param name="response">The answer.</param>
    /// <param name="now">Orchestration time at the end of its turn.</param>
    /// <exception cref="InvalidOrchestratorResponseException">The answer breaks a rule.</exception>
    public static void Check(OrchestratorResponse response, DateTime now)
    {
        var previous = -1;
        for (var i = 0; i < response.Actions.Count; i++)
        {
            var action = response.Actions[i];
            Require(action.Id > previous, $"action {action.Id} follows action {previous}");
            previous = action.Id;
            switch (action.OrchestratorActionTypeCase)
            {
                case Kind.ScheduleTask:
                    Require(action.ScheduleTask.Name.Length > 0, $"activity {action.Id} has no name");
                    break;
                case Kind.CreateTimer:
                    Require(action.CreateTimer.FireAt is not null, $"timer {action.Id} has no time");
                    Require(action.CreateTimer.FireAt.ToDateTime() - now <= s_longestTimer, $"timer {action.Id} is longer than 7 days");
                    break;
                case Kind.CreateSubOrchestration:
                    Require(action.CreateSubOrchestration.Name.Length > 0, $"sub-orchestration {action.Id} has no name");
                    Require(action.CreateSubOrchestration.InstanceId.Length > 0, $"sub-orchestration {action.Id} has no instance id");
                    break;
                case Kind.SendEvent:
                    CheckReceiver(action);
                    break;
                case Kind.CompleteOrchestration:
                    Require(i == response.Actions.Count - 1, "Complete is not the last action");
                    Require(
                        action.CompleteOrchestration.CarryoverEvents.All(carried => carried.EventRaised is not null),
                        "an event is carried over that was not raised");
                    break;
                default:
                    throw Broken($"action {action.Id} ({action.OrchestratorActionTypeCase}) is not supported");
            }
        }

        Require((response.CustomStatus?.Length ?? 0) <= TurnAnswers.MaximumCustomStatusLength, "the custom status is longer than 16 KiB");
    }

    // With an execution id, an event would be lost once its receiver continues as new.
    private static void CheckReceiver(OrchestratorAction action)
    {
        Require(action.SendEvent.Name.Length > 0, $"sent event {action.Id} has no name");
        Require(action.SendEvent.Instance is { InstanceId.Length: > 0 }, $"sent event {action.Id} has no receiver");
        Require(action.SendEvent.Instance.ExecutionId is null, $"sent event {action.Id} names an execution");
    }

    private static void Require([DoesNotReturnIf(false)] bool holds, string rule)
    {
        if (!holds)
        {
            throw Broken(rule);
        }
    }

    private static InvalidOrchestratorResponseException Broken(string rule) => new($"The orchestrator's answer is not valid: {rule}.");
}
