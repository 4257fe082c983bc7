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

    /// <summary>Activities that have no result yet, by row key: those of executions that were continued as new run out too.</summary>
    public Dictionary<string, ScheduledActivity> Activities { get; } = new(StringComparer.Ordinal);

    /// <summary>Timers of the present execution that have not fired, by action id.</summary>
    public Dictionary<int, DateTimeOffset> Timers { get; } = [];

    /// <summary>Messages for other instances that are not delivered yet, by row key.</summary>
    public Dictionary<string, OutgoingMessage> Sends { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of the last inbox row.</summary>
    public long LastInbox { get; set; }

    /// <summary>What the first turn waits for, or null where it waits for nothing.</summary>
    public DueTimer? Start => Record is { Turns: 0, StartsAt: { } time } ? new DueTimer(time, Id, Record.ExecutionId, DueTimer.Start) : null;

    /// <summary>True while a turn waits or runs: turns of one instance come one after the other.</summary>
    public bool TurnPending { get; set; }

    /// <summary>How often the present turn timed out.</summary>
    public int AbortedTurns { get; set; }

    /// <summary>A finished instance stays until its activities have run out and its messages are delivered.</summary>
    public bool IsDone => Record.IsFinished && Activities.Count == 0 && Sends.Count == 0;
}
