using Vorel.Durable.Protocol;
using Kind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Replay;

/// <summary>
/// What an answer must be for the engine to take it. An unsupported action after Complete makes the host retry for ever, so that
/// this is checked before anything is sent.
/// </summary>
internal static class ResponseRules
{
    /// <exception cref="InvalidOrchestratorResponseException">The answer breaks a rule.</exception>
    public static void Check(OrchestratorResponse response)
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
                    break;
                case Kind.CompleteOrchestration:
                    Require(i == response.Actions.Count - 1, "Complete is not the last action");
                    break;
                default:
                    throw Broken($"action {action.Id} ({action.OrchestratorActionTypeCase}) is not supported");
            }
        }

        Require((response.CustomStatus?.Length ?? 0) <= TurnAnswers.MaximumCustomStatusLength, "the custom status is longer than 16 KiB");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw Broken(rule);
        }
    }

    private static InvalidOrchestratorResponseException Broken(string rule) => new($"The orchestrator's answer is not valid: {rule}.");
}
