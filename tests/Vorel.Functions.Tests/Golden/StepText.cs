using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using ActionKind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;
using EventKind = Vorel.Durable.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Vorel.Functions.Tests.Golden;

/// <summary>
/// A step as one line, the same from the history and from the code's answer if both mean the same. Inputs of activities and of
/// sub-orchestrations are left out: the host does not keep them all.
/// </summary>
internal static class StepText
{
    public static string Of(HistoryEvent step) => step.EventTypeCase switch
    {
        EventKind.TaskScheduled => Activity(step.EventId, step.TaskScheduled.Name),
        EventKind.TimerCreated => Timer(step.EventId, step.TimerCreated.FireAt),
        EventKind.SubOrchestrationInstanceCreated =>
            Child(step.EventId, step.SubOrchestrationInstanceCreated.Name, step.SubOrchestrationInstanceCreated.InstanceId),
        EventKind.EventSent => Event(step.EventId, step.EventSent.Name, step.EventSent.InstanceId, step.EventSent.Input),
        EventKind.ExecutionCompleted => End(step.EventId, step.ExecutionCompleted.OrchestrationStatus, step.ExecutionCompleted.Result),
        EventKind.ContinueAsNew => End(step.EventId, OrchestrationStatus.ContinuedAsNew, step.ContinueAsNew.Input),
        _ => throw new ArgumentException($"{step.EventTypeCase} is no step.", nameof(step)),
    };

    public static string Of(OrchestratorAction step) => step.OrchestratorActionTypeCase switch
    {
        ActionKind.ScheduleTask => Activity(step.Id, step.ScheduleTask.Name),
        ActionKind.CreateTimer => Timer(step.Id, step.CreateTimer.FireAt),
        ActionKind.CreateSubOrchestration => Child(step.Id, step.CreateSubOrchestration.Name, step.CreateSubOrchestration.InstanceId),
        ActionKind.SendEvent => Event(step.Id, step.SendEvent.Name, step.SendEvent.Instance.InstanceId, step.SendEvent.Data),
        ActionKind.CompleteOrchestration => End(step.Id, step.CompleteOrchestration.OrchestrationStatus, step.CompleteOrchestration.Result),
        _ => $"{step.Id} {step.OrchestratorActionTypeCase}, which no host takes",
    };

    private static string Activity(int id, string name) => $"{id} activity '{name}'";

    private static string Timer(int id, Timestamp due) => $"{id} timer due {due.ToDateTime():O}";

    private static string Child(int id, string name, string instance) => $"{id} sub-orchestration '{name}' as '{instance}'";

    private static string Event(int id, string name, string target, string? input) => $"{id} event '{name}' to '{target}' with {input ?? "nothing"}";

    private static string End(int id, OrchestrationStatus status, string? result) => $"{id} end {status} with {result ?? "nothing"}";
}
