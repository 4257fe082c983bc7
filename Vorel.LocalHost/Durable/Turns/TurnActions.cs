using System.Text;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;
using Action = Vorel.Durable.Protocol.OrchestratorAction;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>How an instance ends.</summary>
internal sealed record TurnCompletion(int Id, OrchestrationStatus Status, string? Output);

/// <summary>
/// The actions of an orchestrator's answer, one after the other. Stricter than Azure where Azure would stall or forget without a
/// word: an action after the completion, an id used twice, a timer beyond what its queue can hold.
/// </summary>
internal sealed class TurnActions(DateTimeOffset now, IEnumerable<int> usedIds)
{
    /// <summary>16 KB of UTF-16.</summary>
    public const int MaxCustomStatus = 8192;

    /// <summary>A queue message of Azure Storage stays invisible no longer than this, and the host does not split timers.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromDays(7);

    /// <summary>Tables hold no time before it. A timer in the past fires at once, so that the difference is seen by nobody.</summary>
    private static readonly DateTimeOffset s_earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HashSet<int> _used = [.. usedIds];
    private readonly List<HistoryEvent> _recorded = [];
    private readonly List<ScheduledActivity> _activities = [];
    private readonly List<ScheduledTimer> _timers = [];
    private readonly List<OutgoingEvent> _sends = [];

    public IReadOnlyList<HistoryEvent> Recorded => _recorded;

    public IReadOnlyList<ScheduledActivity> Activities => _activities;

    public IReadOnlyList<ScheduledTimer> Timers => _timers;

    public IReadOnlyList<OutgoingEvent> Sends => _sends;

    public TurnCompletion? Completion { get; private set; }

    /// <exception cref="UnusableAnswerException">The action cannot be applied.</exception>
    public void Apply(Action action)
    {
        if (Completion is not null)
        {
            throw new UnusableAnswerException("An action follows the completion: Azure may retry such a turn for ever.");
        }

        if (!_used.Add(action.Id))
        {
            throw new UnusableAnswerException($"The id {action.Id} was used by an earlier action of this execution.");
        }

        switch (action.OrchestratorActionTypeCase)
        {
            case Action.OrchestratorActionTypeOneofCase.ScheduleTask:
                Schedule(action.Id, action.ScheduleTask);
                break;
            case Action.OrchestratorActionTypeOneofCase.CreateTimer:
                Timer(action.Id, action.CreateTimer);
                break;
            case Action.OrchestratorActionTypeOneofCase.SendEvent:
                Send(action.Id, action.SendEvent);
                break;
            case Action.OrchestratorActionTypeOneofCase.CompleteOrchestration:
                Complete(action.Id, action.CompleteOrchestration);
                break;
            case Action.OrchestratorActionTypeOneofCase.CreateSubOrchestration:
                throw NotSupported("A sub-orchestration");
            default:
                throw new UnusableAnswerException($"The action {action.Id} has a type that the host does not support.");
        }
    }

    private static UnusableAnswerException NotSupported(string what) => new($"{what} is not supported by this local host yet.");

    private static string? Checked(string? value, string what) => value is null || Encoding.UTF8.GetByteCount(value) <= SplitColumn.MaxValue
        ? value
        : throw new UnusableAnswerException($"{what} is longer than the {SplitColumn.MaxValue} bytes that this local host stores.");

    private static DateTimeOffset Time(int id, Timestamp? fireAt)
    {
        try
        {
            return fireAt?.ToDateTimeOffset() ?? throw new UnusableAnswerException($"The timer {id} has no time.");
        }
        catch (InvalidOperationException error)
        {
            throw new UnusableAnswerException($"The timer {id} has a time outside the years 1 to 9999.", error);
        }
    }

    private void Schedule(int id, ScheduleTaskAction action)
    {
        _activities.Add(new ScheduledActivity(id, action.Name, Checked(action.Input, $"The input of {action.Name}")));
        _recorded.Add(Events.TaskScheduled(now, id, action));
    }

    private void Timer(int id, CreateTimerAction action)
    {
        var fireAt = Time(id, action.FireAt);
        if (fireAt - now > LongestTimer)
        {
            throw new UnusableAnswerException($"The timer {id} is due at {fireAt:O}, more than 7 days from {now:O}: the worker must split it.");
        }

        _timers.Add(new ScheduledTimer(id, fireAt < s_earliest ? s_earliest : fireAt));
        _recorded.Add(Events.TimerCreated(now, id, action.FireAt));
    }

    private void Send(int id, SendEventAction action)
    {
        if (action.Instance is not { InstanceId.Length: > 0 } target)
        {
            throw new UnusableAnswerException($"The event {id} names no instance.");
        }

        if (target.ExecutionId is not null)
        {
            throw new UnusableAnswerException($"The event {id} names an execution: Azure loses such events when the target continues as new.");
        }

        _sends.Add(new OutgoingEvent(id, target.InstanceId, action.Name, Checked(action.Data, $"The event {action.Name}")));
        _recorded.Add(Events.EventSent(now, id, action));
    }

    private void Complete(int id, CompleteOrchestrationAction action)
    {
        switch (action.OrchestrationStatus)
        {
            case OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled:
                // With failure details present the result is ignored, and the details themselves are not kept.
                var output = action.FailureDetails is { } failure ? $"{failure.ErrorType}: {failure.ErrorMessage}" : action.Result;
                Completion = new TurnCompletion(id, action.OrchestrationStatus, Checked(output, "The output"));
                break;
            case OrchestrationStatus.ContinuedAsNew:
                throw NotSupported("Continue-as-new");
            default:
                throw new UnusableAnswerException($"An orchestration cannot complete as {action.OrchestrationStatus}.");
        }
    }
}
