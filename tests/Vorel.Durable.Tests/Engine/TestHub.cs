using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;

namespace Vorel.Durable.Tests.Engine;

/// <summary>
/// One instance and its history, kept as the real engine keeps them: the whole history goes out every turn, inputs of tasks are not
/// kept, and each turn is answered twice, by two new workers, which must agree on every byte.
/// </summary>
internal sealed partial class TestHub(
    DurableTaskRegistry registry, string instanceId = TestHub.InstanceId, string orchestrator = TestHub.Orchestrator)
{
    public const string Orchestrator = "Flow";
    public const string InstanceId = "flow:1";

    private readonly List<HistoryEvent> _inbox = [];
    private readonly List<(int Id, ScheduleTaskAction Task)> _tasks = [];
    private readonly List<(int Id, CreateSubOrchestrationAction Child)> _children = [];
    private readonly List<(int Id, DateTime FireAt)> _timers = [];
    private ParentInstanceInfo? _parent;

    public DateTime Now { get; set; } = new(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc);

    /// <summary>The worker's code; may be changed between turns, as a deployment does.</summary>
    public DurableTaskRegistry Registry { get; set; } = registry;

    public RecordingLog Log { get; } = new();

    public List<HistoryEvent> History { get; } = [];

    /// <summary>Grows with every continue-as-new and every restart.</summary>
    public int Execution { get; private set; } = 1;

    /// <summary>The sub-orchestrations that ran, each with a history of its own.</summary>
    public List<TestHub> Children { get; } = [];

    public string Id => instanceId;

    /// <summary>The events that it sent to others.</summary>
    public List<SendEventAction> Sent { get; } = [];

    /// <summary>What the host asked in each turn.</summary>
    public List<OrchestratorRequest> Requests { get; } = [];

    public List<OrchestratorResponse> Turns { get; } = [];

    public List<string> Calls { get; } = [];

    /// <summary>Delivers every end of a task or timer twice, once more in the next turn.</summary>
    public bool Duplicates { get; set; }

    /// <summary>Says how the host fails a call of an activity, if it does.</summary>
    public Func<ScheduleTaskAction, TaskFailedEvent?> HostFailure { get; set; } = _ => null;

    /// <summary>Says how a sub-orchestration fails without a turn of its own, if it does.</summary>
    public Func<CreateSubOrchestrationAction, SubOrchestrationInstanceFailedEvent?> ChildFailure { get; set; } = _ => null;

    /// <summary>What a client does to a sub-orchestration as soon as it is started.</summary>
    public Action<TestHub> Starting { get; set; } = _ => { };

    /// <summary>Which of the waiting tasks runs next.</summary>
    public Func<int, int> Pick { get; set; } = _ => 0;

    public CompleteOrchestrationAction? End { get; private set; }

    public string? CustomStatus => Turns[^1].CustomStatus;

    public IReadOnlyList<DateTime> TimersAsked =>
        [.. History.Where(e => e.TimerCreated is not null).Select(e => e.TimerCreated.FireAt.ToDateTime())];

    public TestHub Start(string? inputJson = null)
    {
        Put(new HistoryEvent
        {
            ExecutionStarted = new ExecutionStartedEvent
            {
                Name = orchestrator,
                Input = inputJson,
                OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId, ExecutionId = $"e{Execution}" },
                ParentInstance = _parent,
            },
        });
        return this;
    }

    /// <summary>Starts it again under the same id, as the next execution.</summary>
    public TestHub Restart(string? inputJson = null)
    {
        Forget();
        return Start(inputJson);
    }

    public void Raise(string name, string? json) =>
        Put(new HistoryEvent { EventRaised = new EventRaisedEvent { Name = name, Input = json } });

    public void Suspend() => Put(new HistoryEvent { ExecutionSuspended = new ExecutionSuspendedEvent { Input = "hold" } });

    public void Resume() => Put(new HistoryEvent { ExecutionResumed = new ExecutionResumedEvent { Input = "go on" } });

    public void Terminate(string? reason) =>
        Put(new HistoryEvent { ExecutionTerminated = new ExecutionTerminatedEvent { Input = reason } });

    /// <summary>Puts any event into the inbox.</summary>
    public void Put(HistoryEvent next)
    {
        next.EventId = -1;
        next.Timestamp = Timestamp.FromDateTime(Now);
        _inbox.Add(next);
    }

    /// <summary>Turns and tasks until only timers and clients can move the instance.</summary>
    public TestHub Settle()
    {
        for (var steps = 0; End is null && (_inbox.Count > 0 || _tasks.Count + _children.Count > 0); steps++)
        {
            Assert.True(steps < 1000, "The instance goes on for ever.");
            Advance();
        }

        return this;
    }

    /// <summary>Settles, and jumps from timer to timer, until the instance has ended.</summary>
    public CompleteOrchestrationAction RunToEnd()
    {
        for (var steps = 0; Settle().End is null; steps++)
        {
            Assert.True(steps < 1000 && FireNextTimer(), "The instance waits for ever.");
        }

        return End!;
    }

    /// <summary>Jumps to the earliest timer and fires it. False when there is none.</summary>
    public bool FireNextTimer()
    {
        if (_timers.Count == 0)
        {
            return false;
        }

        var next = _timers.MinBy(timer => timer.FireAt);
        _timers.Remove(next);
        Now = next.FireAt > Now ? next.FireAt : Now;
        var fired = new TimerFiredEvent { TimerId = next.Id, FireAt = Timestamp.FromDateTime(next.FireAt) };
        Ended(() => new HistoryEvent { TimerFired = fired });
        return true;
    }

    /// <summary>One turn, one piece of work or one timer: whichever there is.</summary>
    public void Advance()
    {
        if (_inbox.Count > 0)
        {
            Turn();
        }
        else if (_tasks.Count + _children.Count > 0)
        {
            Work();
        }
        else
        {
            FireNextTimer();
        }
    }

    /// <summary>One turn with all that came, but none of the work that is waiting.</summary>
    public TestHub TurnOnly()
    {
        Turn();
        return this;
    }

    /// <summary>One piece of the work that is waiting, but no turn.</summary>
    public TestHub WorkOnly()
    {
        Work();
        return this;
    }

    public string Output() => Assert.IsType<string>(End?.Result);
}
