using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Storage;

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

/// <summary>An event in the inbox.</summary>
internal sealed record InboxEvent(long Number, HistoryEvent Event);

/// <summary>An activity to call.</summary>
/// <param name="ExecutionId">The execution that asked for it, and alone gets its result.</param>
/// <param name="Id">The action's id.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="Input">JSON text, or null.</param>
internal sealed record ScheduledActivity(string ExecutionId, int Id, string Name, string? Input)
{
    public string RowKey => HubKeys.Row(HubKeys.Task, ExecutionId, Id);
}

/// <summary>A timer to fire.</summary>
internal sealed record ScheduledTimer(int Id, DateTimeOffset FireAt);

/// <summary>A message on its way to another instance, or to the sender itself: an event, the start of a child, or a child's end.</summary>
/// <param name="ExecutionId">The execution that sends it.</param>
/// <param name="Id">The action's id; <see cref="EndOfChild"/> for what the end of the execution tells its parent.</param>
/// <param name="InstanceId">The receiver.</param>
/// <param name="Message">What it gets. The time is set on delivery.</param>
/// <param name="TargetExecution">The one execution it concerns; null for whichever there is.</param>
internal sealed record OutgoingMessage(string ExecutionId, int Id, string InstanceId, HistoryEvent Message, string? TargetExecution = null)
{
    public const int EndOfChild = int.MaxValue;

    public string RowKey => HubKeys.Row(HubKeys.Send, ExecutionId, Id);
}
