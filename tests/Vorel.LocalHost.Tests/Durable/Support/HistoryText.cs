using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>History events as texts that a test can write out: <c>TaskScheduled 0 Say</c>.</summary>
internal static class HistoryText
{
    public static IEnumerable<string> Of(IEnumerable<HistoryEvent> events) => events.Select(Of);

    private static string Of(HistoryEvent item) => $"{item.EventTypeCase} {item.EventId}" + item.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.ExecutionStarted => $" {item.ExecutionStarted.Name} {item.ExecutionStarted.Input ?? "-"}",
        HistoryEvent.EventTypeOneofCase.ExecutionCompleted => $" {item.ExecutionCompleted.OrchestrationStatus} {item.ExecutionCompleted.Result ?? "-"}",
        HistoryEvent.EventTypeOneofCase.TaskScheduled => $" {item.TaskScheduled.Name} {item.TaskScheduled.Input ?? "-"}",
        HistoryEvent.EventTypeOneofCase.TaskCompleted => $" of {item.TaskCompleted.TaskScheduledId} {item.TaskCompleted.Result ?? "-"}",
        HistoryEvent.EventTypeOneofCase.TaskFailed => $" of {item.TaskFailed.TaskScheduledId}",
        HistoryEvent.EventTypeOneofCase.TimerFired => $" of {item.TimerFired.TimerId}",
        HistoryEvent.EventTypeOneofCase.EventRaised => $" {item.EventRaised.Name} {item.EventRaised.Input ?? "-"}",
        HistoryEvent.EventTypeOneofCase.EventSent => $" {item.EventSent.InstanceId} {item.EventSent.Name} {item.EventSent.Input ?? "-"}",
        HistoryEvent.EventTypeOneofCase.SubOrchestrationInstanceCreated => $" {item.SubOrchestrationInstanceCreated.Name} {item.SubOrchestrationInstanceCreated.Input ?? "-"}",
        HistoryEvent.EventTypeOneofCase.SubOrchestrationInstanceCompleted =>
            $" of {item.SubOrchestrationInstanceCompleted.TaskScheduledId} {item.SubOrchestrationInstanceCompleted.Result ?? "-"}",
        HistoryEvent.EventTypeOneofCase.SubOrchestrationInstanceFailed =>
            $" of {item.SubOrchestrationInstanceFailed.TaskScheduledId} {item.SubOrchestrationInstanceFailed.FailureDetails?.ErrorMessage ?? "without details"}",
        HistoryEvent.EventTypeOneofCase.ExecutionSuspended => $" {item.ExecutionSuspended.Input ?? "-"}",
        HistoryEvent.EventTypeOneofCase.ExecutionResumed => $" {item.ExecutionResumed.Input ?? "-"}",
        HistoryEvent.EventTypeOneofCase.ExecutionTerminated => $" {item.ExecutionTerminated.Input ?? "-"}",
        _ => "",
    };
}
