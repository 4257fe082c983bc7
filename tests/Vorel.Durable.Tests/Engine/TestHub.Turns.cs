using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using ActionKind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Tests.Engine;

/// <summary>What the engine does between a client's calls: turns, and the work that they ask for.</summary>
internal sealed partial class TestHub
{
    private void Work()
    {
        var index = Pick(_tasks.Count + _children.Count);
        if (index < _tasks.Count)
        {
            RunTask(index);
        }
        else
        {
            RunChild(index - _tasks.Count);
        }
    }

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
        var answer = Task.Run(() => endpoint.ExecuteAsync(task.Name, task.Input, instanceId, NoServices.Instance, CancellationToken.None));

        // The host stores the returned text as a JSON string.
        var result = $"\"{JsonEncodedText.Encode(answer.GetAwaiter().GetResult())}\"";
        Ended(() => new HistoryEvent { TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = result } });
    }

    private void RunChild(int index)
    {
        var (id, child) = _children[index];
        _children.RemoveAt(index);
        if (ChildFailure(child) is { } failure)
        {
            failure.TaskScheduledId = id;
            Ended(() => new HistoryEvent { SubOrchestrationInstanceFailed = failure });
            return;
        }

        Assert.DoesNotContain(Children, earlier => earlier.Id == child.InstanceId);
        var hub = new TestHub(Registry, child.InstanceId, child.Name)
        {
            Now = Now,
            ChildFailure = ChildFailure,
            _parent = new ParentInstanceInfo
            {
                TaskScheduledId = id,
                Name = orchestrator,
                OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId, ExecutionId = $"e{Execution}" },
            },
        };
        Children.Add(hub);
        Starting(hub.Start(child.Input));
        var end = hub.RunToEnd();
        Now = hub.Now;
        Ended(() => end.OrchestrationStatus is OrchestrationStatus.Completed
            ? new HistoryEvent { SubOrchestrationInstanceCompleted = new() { TaskScheduledId = id, Result = end.Result } }
            : new HistoryEvent { SubOrchestrationInstanceFailed = new() { TaskScheduledId = id, FailureDetails = end.FailureDetails } });
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
        var request = new OrchestratorRequest { InstanceId = instanceId, PastEvents = { History }, NewEvents = { next } };
        Requests.Add(request);
        var base64 = Convert.ToBase64String(request.ToByteArray());
        var answer = new OrchestratorEndpoint(Registry, TestWorker.Options, Log).Execute(base64);
        Assert.Equal(answer, new OrchestratorEndpoint(Registry, TestWorker.Options, new RecordingLog()).Execute(base64));

        var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer));
        Assert.Equal(instanceId, response.InstanceId);
        Turns.Add(response);
        History.AddRange(next);
        foreach (var action in response.Actions)
        {
            Assert.Null(End);
            Record(action, at);
        }

        History.Add(new HistoryEvent { EventId = -1, Timestamp = at, OrchestratorCompleted = new() });
        if (End is { OrchestrationStatus: OrchestrationStatus.ContinuedAsNew } again)
        {
            Restart(again.Result);
            _inbox.AddRange(again.CarryoverEvents);
        }
    }

    // Whatever was under way belonged to an execution that is over: its results go nowhere.
    private void Forget()
    {
        Execution++;
        End = null;
        History.Clear();
        _inbox.Clear();
        _tasks.Clear();
        _children.Clear();
        _timers.Clear();
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
            case ActionKind.CreateSubOrchestration:
                var child = action.CreateSubOrchestration;
                entry.SubOrchestrationInstanceCreated = new() { Name = child.Name, InstanceId = child.InstanceId };
                _children.Add((action.Id, child));
                break;
            case ActionKind.SendEvent:
                var sent = action.SendEvent;
                entry.EventSent = new() { InstanceId = sent.Instance.InstanceId, Name = sent.Name };
                Sent.Add(sent);
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
