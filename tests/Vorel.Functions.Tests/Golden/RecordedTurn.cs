using Vorel.Durable.Protocol;
using Kind = Vorel.Durable.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Vorel.Functions.Tests.Golden;

/// <summary>One turn of a history.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="New">What the host brought: OrchestratorStarted and what had come since the last turn.</param>
/// <param name="Steps">What the code did then.</param>
/// <param name="All">All events of the turn in the order of the history.</param>
internal sealed record RecordedTurn(int Number, IReadOnlyList<HistoryEvent> New, IReadOnlyList<HistoryEvent> Steps, IReadOnlyList<HistoryEvent> All)
{
    /// <summary>The host gave the instance up because the call had failed: nobody knows what the code did in this turn.</summary>
    public bool WasNeverAnswered => Steps.Any(step => step is { EventTypeCase: Kind.ExecutionCompleted, EventId: < 0 });

    /// <summary>Takes a history apart. Every turn begins with OrchestratorStarted.</summary>
    public static IReadOnlyList<RecordedTurn> Of(IReadOnlyList<HistoryEvent> history)
    {
        int[] starts = [.. history.Index().Where(item => item.Item.EventTypeCase == Kind.OrchestratorStarted).Select(item => item.Index), history.Count];
        return [.. starts.Zip(starts.Skip(1), (from, to) => history.Take(from..to).ToList()).Select((events, index) => Of(index + 1, events))];
    }

    private static RecordedTurn Of(int number, List<HistoryEvent> events) => new(
        number,
        [.. events.Where(item => !IsStep(item) && item.EventTypeCase != Kind.OrchestratorCompleted)],
        [.. events.Where(IsStep)],
        events);

    private static bool IsStep(HistoryEvent item) => item.EventTypeCase is Kind.TaskScheduled or Kind.TimerCreated
        or Kind.SubOrchestrationInstanceCreated or Kind.EventSent or Kind.ExecutionCompleted or Kind.ContinueAsNew;
}
