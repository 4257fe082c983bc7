using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>Actions of an orchestrator, in short.</summary>
internal static class Act
{
    public static OrchestratorAction Call(int id, string name, string? input = null) =>
        new() { Id = id, ScheduleTask = new ScheduleTaskAction { Name = name, Input = input } };

    public static OrchestratorAction Timer(int id, DateTimeOffset fireAt) =>
        new() { Id = id, CreateTimer = new CreateTimerAction { FireAt = fireAt.ToTimestamp() } };

    public static OrchestratorAction Send(int id, string instanceId, string name, string? input = null) => new()
    {
        Id = id,
        SendEvent = new SendEventAction { Instance = new OrchestrationInstance { InstanceId = instanceId }, Name = name, Data = input },
    };

    public static OrchestratorAction Child(int id, string name, string instanceId, string? input = null) =>
        new() { Id = id, CreateSubOrchestration = new CreateSubOrchestrationAction { Name = name, InstanceId = instanceId, Input = input } };

    /// <summary>Ends the execution and begins the next, with these events first.</summary>
    public static OrchestratorAction Again(int id, string? input = null, params IEnumerable<HistoryEvent> carried) => new()
    {
        Id = id,
        CompleteOrchestration = new CompleteOrchestrationAction
        {
            OrchestrationStatus = OrchestrationStatus.ContinuedAsNew,
            Result = input,
            CarryoverEvents = { carried },
        },
    };

    public static OrchestratorAction Complete(int id, string? result = null, OrchestrationStatus status = OrchestrationStatus.Completed) =>
        new() { Id = id, CompleteOrchestration = new CompleteOrchestrationAction { OrchestrationStatus = status, Result = result } };
}
