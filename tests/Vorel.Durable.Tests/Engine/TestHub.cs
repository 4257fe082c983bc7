using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using ActionKind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Tests.Engine;

/// <summary>
/// One instance and its history, kept as the real engine keeps them: the whole history goes out every turn, inputs of tasks are not
/// kept, and each turn is answered twice, by two new workers, which must agree on every byte.
/// </summary>
internal sealed class TestHub(DurableTaskRegistry registry)
{
    public const string Orchestrator = "Flow";
    public const string InstanceId = "flow:1";

    private readonly List<HistoryEvent> _inbox = [];
    private readonly List<(int Id, ScheduleTaskAction Task)> _tasks = [];
    private readonly List<(int Id, DateTime FireAt)> _timers = [];

    public DateTime Now { get; set; } = new(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc);

    /// <summary>The worker's code; may be changed between turns, as a deployment does.</summary>
    public DurableTaskRegistry Registry { get; set; } = registry;

    public RecordingLog Log { get; } = new();

    public List<HistoryEvent> History { get; } = [];

    /// <summary>What the host asked in each turn.</summary>
    public List<OrchestratorRequest> Requests { get; } = [];

    public List<OrchestratorResponse> Turns { get; } = [];

    public List<string> Calls { get; } = [];

    /// <summary>Delivers every end of a task or timer twice, once more in the next turn.</summary>
    public bool Duplicates { get; set; }

    /// <summary>Says how the host fails a call of an activity, if it does.</summary>
    public Func<ScheduleTaskAction, TaskFailedEvent?> HostFailure { get; set; } = _ => null;

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
                Name = Orchestrator,
                Input = inputJson,
                OrchestrationInstance = new OrchestrationInstance { InstanceId = InstanceId, ExecutionId = "e1" },
            },
        });
        return this;
    }

    public void Raise(string name, string? json) =>
        Put(new HistoryEvent { EventRaised = new EventRaisedEvent { Name = name, Input = json } });

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
        while (End is null && (_inbox.Count > 0 || _tasks.Count > 0))
        {
            if (_inbox.Count > 0)
            {
                Turn();
            }
            else
            {
                RunTask(Pick(_tasks.Count));
            }
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

    public string Output() => Assert.IsType<string>(End?.Result);

    private void RunTask(int index)
    {
        var (id, task) = _tasks[index];
        _tasks.RemoveAt(index);
        Calls.Add(task.Name);
        if (HostFailure(task) is { } failure)
        {
            failure.TaskScheduledId = id;
            Ended(() => new HistoryEvent { TaskFailed = failure });
            return;
        }

        var endpoint = new ActivityEndpoint(Registry, TestWorker.Options, Log);
        var answer = endpoint.ExecuteAsync(task.Name, task.Input, InstanceId, NoServices.Instance, CancellationToken.None);
        Assert.True(answer.IsCompleted, "Activities of these tests end at once.");

        // The host stores the returned text as a JSON string.
        var result = $"\"{JsonEncodedText.Encode(answer.GetAwaiter().GetResult())}\"";
        Ended(() => new HistoryEvent { TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = result } });
    }

    private void Ended(Func<HistoryEvent> next)
    {
        Put(next());
        if (Duplicates)
        {
            Put(next());
        }
    }

    private void Turn()
    {
        var at = Timestamp.FromDateTime(Now);
        HistoryEvent[] next = [new() { EventId = -1, Timestamp = at, OrchestratorStarted = new() }, .. _inbox];
        _inbox.Clear();
        var request = new OrchestratorRequest { InstanceId = InstanceId, PastEvents = { History }, NewEvents = { next } };
        Requests.Add(request);
        var base64 = Convert.ToBase64String(request.ToByteArray());
        var answer = new OrchestratorEndpoint(Registry, TestWorker.Options, Log).Execute(base64);
        Assert.Equal(answer, new OrchestratorEndpoint(Registry, TestWorker.Options, new RecordingLog()).Execute(base64));

        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer));
        Assert.Equal(InstanceId, response.InstanceId);
        Turns.Add(response);
        History.AddRange(next);
        foreach (var action in response.Actions)
        {
            Assert.Null(End);
            Record(action, at);
        }

        History.Add(new HistoryEvent { EventId = -1, Timestamp = at, OrchestratorCompleted = new() });
    }

    private void Record(OrchestratorAction action, Timestamp at)
    {
        var entry = new HistoryEvent { EventId = action.Id, Timestamp = at };
        switch (action.OrchestratorActionTypeCase)
        {
            case ActionKind.ScheduleTask:
                entry.TaskScheduled = new TaskScheduledEvent { Name = action.ScheduleTask.Name };
                _tasks.Add((action.Id, action.ScheduleTask));
                break;
            case ActionKind.CreateTimer:
                var fireAt = action.CreateTimer.FireAt.ToDateTime();
                Assert.True(fireAt - Now <= TimeSpan.FromDays(7), "The host's queues hold no message for more than 7 days.");
                entry.TimerCreated = new TimerCreatedEvent { FireAt = action.CreateTimer.FireAt };
                _timers.Add((action.Id, fireAt));
                break;
            case ActionKind.CompleteOrchestration:
                Assert.All(History, earlier => Assert.True(earlier.EventId < action.Id, "A completion has an id of its own."));
                entry.ExecutionCompleted = new ExecutionCompletedEvent
                {
                    OrchestrationStatus = action.CompleteOrchestration.OrchestrationStatus,
                    Result = action.CompleteOrchestration.Result,
                };
                End = action.CompleteOrchestration;
                break;
            default:
                Assert.Fail($"The host does not take {action.OrchestratorActionTypeCase}.");
                break;
        }

        History.Add(entry);
    }
}
