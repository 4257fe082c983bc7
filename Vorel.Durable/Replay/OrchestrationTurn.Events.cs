using Vorel.Durable.Protocol;
using Event = Vorel.Durable.Protocol.HistoryEvent.EventTypeOneofCase;
using Kind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Replay;

internal sealed partial class OrchestrationTurn
{
    // The engine's own marker of a timer that it dropped.
    private const int DummyTimer = -100;

    // Time goes on while an instance is suspended.
    private void Apply(HistoryEvent next)
    {
        if (next.EventTypeCase is Event.OrchestratorStarted)
        {
            MoveClock(next);
        }
        else if (!_suspension.Holds(next))
        {
            Play(next);
        }
    }

    // Kinds without a case mean nothing to the code: ends of turns, markers of the engine, entities, a rewind, kinds newer than this worker.
    private void Play(HistoryEvent next)
    {
        switch (next.EventTypeCase)
        {
            case Event.ExecutionSuspended:
                _suspension.Begin();
                break;
            case Event.ExecutionResumed:
                foreach (var held in _suspension.End())
                {
                    Play(held);
                }

                break;
            case Event.ExecutionStarted when _code is null:
                Start(next);
                break;
            case Event.TaskScheduled:
                _steps.Confirm(next.EventId, Kind.ScheduleTask, next.TaskScheduled.Name);
                break;
            case Event.TimerCreated when next.EventId != DummyTimer:
                _steps.Confirm(next.EventId, Kind.CreateTimer, null);
                break;
            case Event.SubOrchestrationInstanceCreated:
                _steps.Confirm(next.EventId, Kind.CreateSubOrchestration, next.SubOrchestrationInstanceCreated.Name);
                break;
            case Event.EventSent:
                _steps.Confirm(next.EventId, Kind.SendEvent, next.EventSent.Name);
                break;
            case Event.TaskCompleted:
                End(next.TaskCompleted.TaskScheduledId, Kind.ScheduleTask, _ => new StepOutcome(next.TaskCompleted.Result, null));
                break;
            case Event.TaskFailed:
                End(
                    next.TaskFailed.TaskScheduledId,
                    Kind.ScheduleTask,
                    step => new StepOutcome(null, Failures.OfCall(step, next.TaskFailed.FailureDetails)));
                break;
            case Event.SubOrchestrationInstanceCompleted:
                var child = next.SubOrchestrationInstanceCompleted;
                End(child.TaskScheduledId, Kind.CreateSubOrchestration, _ => new StepOutcome(child.Result, null));
                break;
            case Event.SubOrchestrationInstanceFailed:
                var lost = next.SubOrchestrationInstanceFailed;
                End(
                    lost.TaskScheduledId,
                    Kind.CreateSubOrchestration,
                    step => new StepOutcome(null, Failures.OfChild(step, lost.FailureDetails)));
                break;
            case Event.TimerFired:
                End(next.TimerFired.TimerId, Kind.CreateTimer, _ => default);
                break;
            case Event.EventRaised:
                Raise(next);
                break;
        }
    }

    private void MoveClock(HistoryEvent next)
    {
        _now = next.Timestamp.ToDateTime();
        _context?.MoveClock(_now);
    }

    private void Start(HistoryEvent next)
    {
        var name = next.ExecutionStarted.Name;
        if (!_registry.TryGetOrchestrator(name, out var create))
        {
            throw new UnsupportedHistoryException($"No orchestrator is named '{name}'.");
        }

        // Every engine gives an execution an id; the time of its start tells executions apart as well.
        var execution = next.ExecutionStarted.OrchestrationInstance?.ExecutionId ?? $"{next.Timestamp}";
        _context = new ReplayContext(name, _request.InstanceId, execution, _scheduler, _steps, _events, _answers, _json, _loggers);
        _context.MoveClock(_now);
        if (!_replaying)
        {
            _context.EnterNewEvents();
        }

        _code = _scheduler.Start(() => RunCode(create(), _context, next.ExecutionStarted.Input));
        _scheduler.Pump();
    }

    private async Task<string?> RunCode(ITaskOrchestrator orchestrator, ReplayContext context, string? input)
    {
        try
        {
            var value = _json.Read(input, orchestrator.InputType, $"input of orchestration '{context.Name}'");
            var output = await orchestrator.RunAsync(context, value);
            return _json.Write(output, orchestrator.OutputType, $"output of orchestration '{context.Name}'");
        }
        finally
        {
            _scheduler.Stop();
        }
    }

    private void Raise(HistoryEvent next)
    {
        if (HasEnded)
        {
            _events.Close();
        }

        _events.Deliver(next);
        _scheduler.Pump();
    }

    // What code left running when it ended takes no further part, however much of its answers came in the same turn.
    private void End(int id, Kind kind, Func<string, StepOutcome> outcome)
    {
        if (!HasEnded && _steps.TakeOpen(id, kind) is { } step)
        {
            step.End(outcome(step.Name));
            _scheduler.Pump();
        }
    }
}
