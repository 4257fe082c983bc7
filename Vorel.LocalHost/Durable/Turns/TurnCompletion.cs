using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>How an execution ends.</summary>
/// <param name="Id">The action's id; −1 where the call failed.</param>
/// <param name="Status">With <c>ContinuedAsNew</c> the instance lives on.</param>
/// <param name="Output">The result; for one that continues as new the new input.</param>
/// <param name="Failure">What the orchestrator says of its failure; null too where its call failed.</param>
internal sealed record TurnCompletion(int Id, OrchestrationStatus Status, string? Output, TaskFailureDetails? Failure = null)
{
    /// <summary>For one that continues as new: events that the next execution gets first.</summary>
    public IReadOnlyList<HistoryEvent> CarriedOver { get; init; } = [];

    /// <summary>For one that continues as new: the version that goes on; null for the same.</summary>
    public string? NewVersion { get; init; }
}
