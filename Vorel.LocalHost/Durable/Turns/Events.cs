using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>History events. What an action schedules carries the action's id; everything else carries −1.</summary>
internal static class Events
{
    private const int NoId = -1;

    public static HistoryEvent OrchestratorStarted(DateTimeOffset at) =>
        At(at, NoId, item => item.OrchestratorStarted = new OrchestratorStartedEvent());

    public static HistoryEvent OrchestratorCompleted(DateTimeOffset at) =>
        At(at, NoId, item => item.OrchestratorCompleted = new OrchestratorCompletedEvent());

    /// <summary>The first event of an execution, as its instance's record has it.</summary>
    public static HistoryEvent ExecutionStarted(DateTimeOffset at, InstanceRecord instance) =>
        At(at, NoId, item => item.ExecutionStarted = new ExecutionStartedEvent
        {
            Name = instance.Name,
            Version = instance.Version,
            Input = instance.Input,
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instance.InstanceId, ExecutionId = instance.ExecutionId },
            ScheduledStartTimestamp = instance.StartsAt?.ToTimestamp(),
            Tags = { instance.Tags.ToDictionary() },
            ParentInstance = instance.Parent,
        });

    public static HistoryEvent ExecutionTerminated(DateTimeOffset at, string? reason) =>
        At(at, NoId, item => item.ExecutionTerminated = new ExecutionTerminatedEvent { Input = reason });

    public static HistoryEvent ExecutionSuspended(DateTimeOffset at, string? reason) =>
        At(at, NoId, item => item.ExecutionSuspended = new ExecutionSuspendedEvent { Input = reason });

    public static HistoryEvent ExecutionResumed(DateTimeOffset at, string? reason) =>
        At(at, NoId, item => item.ExecutionResumed = new ExecutionResumedEvent { Input = reason });

    public static HistoryEvent ContinueAsNew(DateTimeOffset at, int id, string? input) =>
        At(at, id, item => item.ContinueAsNew = new ContinueAsNewEvent { Input = input });

    public static HistoryEvent ExecutionCompleted(DateTimeOffset at, int id, OrchestrationStatus status, string? result) =>
        At(at, id, item => item.ExecutionCompleted = new ExecutionCompletedEvent { OrchestrationStatus = status, Result = result });

    /// <summary>The input stays out of the history, as it does in Azure unless an option asks for it.</summary>
    public static HistoryEvent TaskScheduled(DateTimeOffset at, int id, ScheduleTaskAction action) =>
        At(at, id, item => item.TaskScheduled = new TaskScheduledEvent { Name = action.Name, Version = action.Version });

    public static HistoryEvent TaskCompleted(DateTimeOffset at, int taskId, string? result) =>
        At(at, NoId, item => item.TaskCompleted = new TaskCompletedEvent { TaskScheduledId = taskId, Result = result });

    public static HistoryEvent TaskFailed(DateTimeOffset at, int taskId, TaskFailureDetails? failure) =>
        At(at, NoId, item => item.TaskFailed = new TaskFailedEvent { TaskScheduledId = taskId, FailureDetails = failure });

    /// <summary>The input stays out of the history here too.</summary>
    public static HistoryEvent ChildCreated(DateTimeOffset at, int id, CreateSubOrchestrationAction action) =>
        At(at, id, item => item.SubOrchestrationInstanceCreated = new SubOrchestrationInstanceCreatedEvent
        {
            InstanceId = action.InstanceId,
            Name = action.Name,
            Version = action.Version,
        });

    /// <summary>What the end of a child is to its parent. Whatever is not a success is a failure; details are there where the child gave some.</summary>
    public static HistoryEvent ChildEnded(DateTimeOffset at, int taskId, TurnCompletion end) => At(at, NoId, item =>
    {
        if (end.Status is OrchestrationStatus.Completed)
        {
            item.SubOrchestrationInstanceCompleted = new SubOrchestrationInstanceCompletedEvent { TaskScheduledId = taskId, Result = end.Output };
        }
        else
        {
            item.SubOrchestrationInstanceFailed = new SubOrchestrationInstanceFailedEvent { TaskScheduledId = taskId, FailureDetails = end.Failure };
        }
    });

    public static HistoryEvent TimerCreated(DateTimeOffset at, int id, Timestamp fireAt) =>
        At(at, id, item => item.TimerCreated = new TimerCreatedEvent { FireAt = fireAt });

    public static HistoryEvent TimerFired(DateTimeOffset at, int timerId, DateTimeOffset fireAt) =>
        At(at, NoId, item => item.TimerFired = new TimerFiredEvent { TimerId = timerId, FireAt = fireAt.ToTimestamp() });

    public static HistoryEvent EventSent(DateTimeOffset at, int id, SendEventAction action) =>
        At(at, id, item => item.EventSent = new EventSentEvent { InstanceId = action.Instance.InstanceId, Name = action.Name, Input = action.Data });

    public static HistoryEvent EventRaised(DateTimeOffset at, string name, string? input) =>
        At(at, NoId, item => item.EventRaised = new EventRaisedEvent { Name = name, Input = input });

    /// <summary>The id of the action that an event records, or null for events that record none.</summary>
    public static int? ActionId(HistoryEvent item) => item.EventTypeCase is HistoryEvent.EventTypeOneofCase.TaskScheduled
        or HistoryEvent.EventTypeOneofCase.TimerCreated or HistoryEvent.EventTypeOneofCase.EventSent
        or HistoryEvent.EventTypeOneofCase.SubOrchestrationInstanceCreated
        ? item.EventId
        : null;

    /// <summary>True for what a client or another instance tells an instance, whichever execution it is at; false for the ends of its own steps.</summary>
    public static bool OutlivesExecution(HistoryEvent item) => item.EventTypeCase is HistoryEvent.EventTypeOneofCase.EventRaised
        or HistoryEvent.EventTypeOneofCase.ExecutionTerminated or HistoryEvent.EventTypeOneofCase.ExecutionSuspended
        or HistoryEvent.EventTypeOneofCase.ExecutionResumed;

    /// <summary>The same event at another time.</summary>
    public static HistoryEvent Now(HistoryEvent item, DateTimeOffset now) =>
        new(item) { Timestamp = now.ToTimestamp() };

    private static HistoryEvent At(DateTimeOffset at, int id, Action<HistoryEvent> set)
    {
        var item = new HistoryEvent { EventId = id, Timestamp = at.ToTimestamp() };
        set(item);
        return item;
    }
}
