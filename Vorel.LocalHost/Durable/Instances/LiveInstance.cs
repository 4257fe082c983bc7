using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Dispatch;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>
/// An instance that has something left to do, mirrored from its rows. It is touched only by who holds the instance's gate, and every
/// change follows the commit that made it true.
/// </summary>
internal sealed class LiveInstance(InstanceRecord record)
{
    public string Id => Record.InstanceId;

    public InstanceRecord Record { get; set; } = record;

    /// <summary>Events that wait for the next turn, in the order in which they were accepted.</summary>
    public Queue<InboxEvent> Inbox { get; } = new();

    /// <summary>Activities that have no result yet, by action id.</summary>
    public Dictionary<int, ScheduledActivity> Activities { get; } = [];

    /// <summary>Timers that have not fired, by action id.</summary>
    public Dictionary<int, DateTimeOffset> Timers { get; } = [];

    /// <summary>Events for other instances that are not delivered yet, by action id.</summary>
    public Dictionary<int, OutgoingEvent> Sends { get; } = [];

    /// <summary>The number of the last inbox row.</summary>
    public long LastInbox { get; set; }

    /// <summary>What the first turn waits for, or null where it waits for nothing.</summary>
    public DueTimer? Start => Record is { Turns: 0, StartsAt: { } time } ? new DueTimer(time, Id, Record.ExecutionId, DueTimer.Start) : null;

    /// <summary>True while a turn waits or runs: turns of one instance come one after the other.</summary>
    public bool TurnPending { get; set; }

    /// <summary>How often the present turn timed out.</summary>
    public int AbortedTurns { get; set; }

    /// <summary>A finished instance stays until its activities have run out and its events are delivered.</summary>
    public bool IsDone => Record.IsFinished && Activities.Count == 0 && Sends.Count == 0;
}

/// <summary>An event in the inbox.</summary>
internal sealed record InboxEvent(long Number, HistoryEvent Event);

/// <summary>An activity to call.</summary>
/// <param name="Id">The action's id.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="Input">JSON text, or null.</param>
internal sealed record ScheduledActivity(int Id, string Name, string? Input);

/// <summary>A timer to fire.</summary>
internal sealed record ScheduledTimer(int Id, DateTimeOffset FireAt);

/// <summary>An event on its way to another instance, or to the sender itself.</summary>
internal sealed record OutgoingEvent(int Id, string InstanceId, string Name, string? Input);
