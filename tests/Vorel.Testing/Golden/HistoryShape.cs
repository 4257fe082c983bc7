using System.Text.RegularExpressions;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Recording;

namespace Vorel.Testing.Golden;

/// <summary>
/// What two runs of one scenario have in common: the events in their order, with ids, names and payloads. Times, waits and the ids of
/// tenants, records and the like are not the same twice.
/// </summary>
public static partial class HistoryShape
{
    /// <summary>One line for each event, and one for the end.</summary>
    public static IReadOnlyList<string> Of(RecordedHistory history) =>
        [.. history.Events.Select(Of), $"{history.Orchestrator} {history.Outcome} {Masked(history.CustomStatus)}"];

    private static string Of(HistoryEvent item)
    {
        var copy = item.Clone();
        copy.Timestamp = null;
        switch (copy.EventTypeCase)
        {
            case HistoryEvent.EventTypeOneofCase.TimerCreated:
                copy.TimerCreated.FireAt = null;
                break;
            case HistoryEvent.EventTypeOneofCase.TimerFired:
                copy.TimerFired.FireAt = null;
                break;
            case HistoryEvent.EventTypeOneofCase.TaskFailed when copy.TaskFailed.FailureDetails is not null:
                // What a lost connection is called differs between systems.
                copy.TaskFailed.FailureDetails = new TaskFailureDetails { ErrorType = copy.TaskFailed.FailureDetails.ErrorType };
                break;
        }

        return Masked(copy.ToString());
    }

    private static string Masked(string? text) =>
        Wait().Replace(Moment().Replace(Id().Replace(text ?? "", "<id>"), "<time>"), "${name}<wait>");

    [GeneratedRegex("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Moment();

    [GeneratedRegex(@"(?<name>_ms\W+)\d+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wait();
}
