using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>What one turn adds: all of it is committed together.</summary>
internal sealed record TurnOutcome
{
    /// <summary>The history rows of the turn, from OrchestratorStarted to OrchestratorCompleted.</summary>
    public required IReadOnlyList<HistoryEvent> Events { get; init; }

    public IReadOnlyList<ScheduledActivity> Activities { get; init; } = [];

    public IReadOnlyList<ScheduledTimer> Timers { get; init; } = [];

    public IReadOnlyList<OutgoingMessage> Sends { get; init; } = [];

    /// <summary>What the next execution begins with, where the turn continues as new; else nothing.</summary>
    public IReadOnlyList<HistoryEvent> NextExecution { get; init; } = [];

    /// <summary>The instance's record after the turn.</summary>
    public required InstanceRecord Instance { get; init; }
}
