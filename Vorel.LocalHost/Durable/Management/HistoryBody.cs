using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Event = Vorel.Durable.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>
/// A history for people: turns' beginnings and ends are left out, and what was scheduled is told with its result. Member names are
/// the extension's, in the order of the alphabet but for the first.
/// </summary>
internal static class HistoryBody
{
    public static void Write(Utf8JsonWriter json, IEnumerable<HistoryEvent> history, bool withOutput)
    {
        var events = history.ToList();
        var scheduled = events.Where(IsSchedule).ToDictionary(item => item.EventId);
        var settled = events.Select(Settles).OfType<int>().ToHashSet();
        json.WriteStartArray();
        foreach (var item in events)
        {
            if (item.EventTypeCase is Event.OrchestratorStarted or Event.OrchestratorCompleted || (IsSchedule(item) && settled.Contains(item.EventId)))
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("EventType", item.EventTypeCase.ToString());
            foreach (var (name, write) in Members(item, Settles(item) is { } id ? scheduled.GetValueOrDefault(id) : null, withOutput).OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                write(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsSchedule(HistoryEvent item) =>
        item.EventTypeCase is Event.TaskScheduled or Event.SubOrchestrationInstanceCreated or Event.TimerCreated;

    /// <summary>The id of the action whose result an event is.</summary>
    private static int? Settles(HistoryEvent item) => item.EventTypeCase switch
    {
        Event.TaskCompleted => item.TaskCompleted.TaskScheduledId,
        Event.TaskFailed => item.TaskFailed.TaskScheduledId,
        Event.SubOrchestrationInstanceCompleted => item.SubOrchestrationInstanceCompleted.TaskScheduledId,
        Event.SubOrchestrationInstanceFailed => item.SubOrchestrationInstanceFailed.TaskScheduledId,
        Event.TimerFired => item.TimerFired.TimerId,
        _ => null,
    };

    private static IEnumerable<(string Name, Action<Utf8JsonWriter> Write)> Members(HistoryEvent item, HistoryEvent? scheduled, bool withOutput)
    {
        yield return ("Timestamp", Time(item.Timestamp));
        if (scheduled is not null)
        {
            yield return ("ScheduledTime", Time(scheduled.Timestamp));
        }

        if (Function(scheduled ?? item) is { } function)
        {
            yield return ("FunctionName", json => json.WriteStringValue(function));
        }

        foreach (var (name, value) in Own(item))
        {
            yield return (name, json => json.WriteStringValue(value));
        }

        if ((item.TimerFired?.FireAt ?? item.TimerCreated?.FireAt) is { } fireAt)
        {
            yield return ("FireAt", Time(fireAt));
        }

        if (withOutput && Output(item) is var (member, payload))
        {
            yield return (member, json => StatusBody.WritePayload(json, payload));
        }
    }

    private static string? Function(HistoryEvent item) =>
        item.ExecutionStarted?.Name ?? item.TaskScheduled?.Name ?? item.SubOrchestrationInstanceCreated?.Name;

    private static IEnumerable<(string Name, string? Value)> Own(HistoryEvent item) => item.EventTypeCase switch
    {
        Event.ExecutionCompleted => [("OrchestrationStatus", item.ExecutionCompleted.OrchestrationStatus.ToString())],
        Event.ExecutionTerminated => [("Reason", item.ExecutionTerminated.Input)],
        Event.ExecutionSuspended => [("Reason", item.ExecutionSuspended.Input)],
        Event.ExecutionResumed => [("Reason", item.ExecutionResumed.Input)],
        Event.TaskFailed => [("Reason", item.TaskFailed.FailureDetails?.ErrorMessage)],
        Event.SubOrchestrationInstanceFailed => [("Reason", item.SubOrchestrationInstanceFailed.FailureDetails?.ErrorMessage)],
        Event.EventRaised => [("Name", item.EventRaised.Name)],
        Event.EventSent => [("Name", item.EventSent.Name), ("InstanceId", item.EventSent.InstanceId)],
        _ => [],
    };

    private static (string Name, string? Payload)? Output(HistoryEvent item) => item.EventTypeCase switch
    {
        Event.ExecutionCompleted => ("Result", item.ExecutionCompleted.Result),
        Event.TaskCompleted => ("Result", item.TaskCompleted.Result),
        Event.SubOrchestrationInstanceCompleted => ("Result", item.SubOrchestrationInstanceCompleted.Result),
        Event.EventRaised => ("Input", item.EventRaised.Input),
        Event.EventSent => ("Input", item.EventSent.Input),
        _ => null,
    };

    private static Action<Utf8JsonWriter> Time(Timestamp time) => json =>
        json.WriteStringValue(time.ToDateTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));
}
