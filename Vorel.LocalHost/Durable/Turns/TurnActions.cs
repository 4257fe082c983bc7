using System.Text;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;
using Action = Vorel.Durable.Protocol.OrchestratorAction;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// The actions of an orchestrator's answer, one after the other. Stricter than Azure where Azure would stall or forget without a
/// word: an action after the completion, an id used twice, a timer beyond what its queue can hold.
/// </summary>
internal sealed class TurnActions(InstanceRecord instance, DateTimeOffset now, IEnumerable<int> usedIds)
{
    /// <summary>16 KB of UTF-16.</summary>
    public const int MaxCustomStatus = 8192;

    /// <summary>A queue message of Azure Storage stays invisible no longer than this, and the host does not split timers.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromDays(7);

    private const int MaxName = 1024;

    private readonly HashSet<int> _used = [.. usedIds];
    private readonly List<HistoryEvent> _recorded = [];
    private readonly List<ScheduledActivity> _activities = [];
    private readonly List<ScheduledTimer> _timers = [];
    private readonly List<OutgoingMessage> _sends = [];

    public IReadOnlyList<HistoryEvent> Recorded => _recorded;

    public IReadOnlyList<ScheduledActivity> Activities => _activities;

    public IReadOnlyList<ScheduledTimer> Timers => _timers;

    public IReadOnlyList<OutgoingMessage> Sends => _sends;

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
                Child(action.Id, action.CreateSubOrchestration);
                break;
            default:
                throw new UnusableAnswerException($"The action {action.Id} has a type that the host does not support.");
        }
    }

    private static string? Checked(string? value, string what) => value is null || Encoding.UTF8.GetByteCount(value) <= SplitColumn.MaxValue
        ? value
        : throw new UnusableAnswerException($"{what} is longer than the {SplitColumn.MaxValue} bytes that this local host stores.");

    private static string Named(string name, string what) => name.Length <= MaxName
        ? name
        : throw new UnusableAnswerException($"The name of {what} is longer than {MaxName} characters.");

    private static string? Version(string? version, string what) => version is null ? null : Named(version, what);

    private static TaskFailureDetails? Checked(TaskFailureDetails? failure) => failure is null || failure.CalculateSize() <= SplitColumn.MaxValue
        ? failure
        : throw new UnusableAnswerException($"The failure details are longer than the {SplitColumn.MaxValue} bytes that this local host stores.");

    private HistoryEvent Carried(HistoryEvent item) => Events.EventRaised(now, Named(item.EventRaised.Name, "a carried event"), Checked(item.EventRaised.Input, "A carried event"));

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
        _activities.Add(new ScheduledActivity(instance.ExecutionId, id, Named(action.Name, "an activity"), Checked(action.Input, $"The input of {action.Name}")));
        _recorded.Add(Events.TaskScheduled(now, id, action));
    }

    private void Timer(int id, CreateTimerAction action)
    {
        var fireAt = Time(id, action.FireAt);
        if (fireAt - now > LongestTimer)
        {
            throw new UnusableAnswerException($"The timer {id} is due at {fireAt:O}, more than 7 days from {now:O}: the worker must split it.");
        }

        _timers.Add(new ScheduledTimer(id, RpcTime.Storable(fireAt)));
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

        var raised = Events.EventRaised(now, Named(action.Name, "an event"), Checked(action.Data, $"The event {action.Name}"));
        _sends.Add(new OutgoingMessage(instance.ExecutionId, id, target.InstanceId, raised));
        _recorded.Add(Events.EventSent(now, id, action));
    }

    private void Child(int id, CreateSubOrchestrationAction action)
    {
        if (HubKeys.Refusal(action.InstanceId) is { } refusal)
        {
            throw new UnusableAnswerException($"The sub-orchestration {id}: {refusal}"); // Azure takes an empty id literally.
        }

        var child = new InstanceRecord
        {
            InstanceId = action.InstanceId,
            Name = Named(action.Name, "a sub-orchestration"),
            Version = Version(action.Version, "a version"),
            ExecutionId = Guid.NewGuid().ToString("N"),
            Status = OrchestrationStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            Input = Checked(action.Input, $"The input of {action.Name}"),
            Parent = new ParentInstanceInfo
            {
                TaskScheduledId = id,
                Name = instance.Name,
                Version = instance.Version,
                OrchestrationInstance = new OrchestrationInstance { InstanceId = instance.InstanceId, ExecutionId = instance.ExecutionId },
            },
        };
        _sends.Add(new OutgoingMessage(instance.ExecutionId, id, action.InstanceId, Events.ExecutionStarted(now, child)));
        _recorded.Add(Events.ChildCreated(now, id, action));
    }

    private void Complete(int id, CompleteOrchestrationAction action)
    {
        switch (action.OrchestrationStatus)
        {
            case OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled:
                // With failure details present the result is ignored, and the details themselves are not kept.
                var output = action.FailureDetails is { } failure ? $"{failure.ErrorType}: {failure.ErrorMessage}" : action.Result;
                Completion = new TurnCompletion(id, action.OrchestrationStatus, Checked(output, "The output"), Checked(action.FailureDetails));
                break;
            case OrchestrationStatus.ContinuedAsNew:
                Completion = new TurnCompletion(id, action.OrchestrationStatus, Checked(action.Result, "The new input"))
                {
                    CarriedOver = [.. action.CarryoverEvents.Where(carried => carried.EventRaised is not null).Select(Carried)], // Others Azure drops too.
                    NewVersion = Version(action.NewVersion, "a version"),
                };
                break;
            default:
                throw new UnusableAnswerException($"An orchestration cannot complete as {action.OrchestrationStatus}.");
        }
    }
}
