using Microsoft.Extensions.Logging;
using Vorel.Durable.Payloads;
using Vorel.Durable.Protocol;
using Event = Vorel.Durable.Protocol.HistoryEvent.EventTypeOneofCase;
using Kind = Vorel.Durable.Protocol.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Vorel.Durable.Replay;

/// <summary>
/// One turn: replays the whole history against the code and answers with the steps that are new. The code runs
/// between events only, on the caller's thread.
/// </summary>
internal sealed class OrchestrationTurn
{
    // The engine's own marker of a timer that it dropped.
    private const int DummyTimer = -100;

    private readonly OrchestratorRequest _request;
    private readonly DurableTaskRegistry _registry;
    private readonly DurableJson _json;
    private readonly DurableWorkerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly StepLedger _steps = new();
    private readonly EventMailbox _events = new();
    private readonly TurnAnswers _answers;
    private readonly TurnScheduler _scheduler;
    private ReplayContext? _context;
    private Task<string?>? _code;
    private DateTime _now = DateTime.UnixEpoch;
    private bool _replaying = true;
    private volatile bool _over;

    public OrchestrationTurn(
        OrchestratorRequest request, DurableTaskRegistry registry, DurableJson json, DurableWorkerOptions options, ILoggerFactory loggers)
    {
        (_request, _registry, _json, _options, _loggers) = (request, registry, json, options, loggers);
        _log = loggers.CreateLogger<OrchestratorEndpoint>();
        _answers = new TurnAnswers(request.InstanceId);
        _scheduler = new TurnScheduler(NoteForeign);
    }

    public OrchestratorResponse Run()
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Answer();
        }
        finally
        {
            _over = true;
            _scheduler.Close();
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private OrchestratorResponse Answer()
    {
        Exception? broken = null;
        try
        {
            Replay();
        }
        catch (Exception failure)
        {
            broken = failure;
        }

        // Termination wins over whatever else happened: an instance that cannot be replayed must still be stoppable.
        if (AllEvents.LastOrDefault(next => next.ExecutionTerminated is not null) is { } terminated)
        {
            return _answers.Terminated(CompletionId(), terminated.ExecutionTerminated.Input);
        }

        if (_scheduler.SawForeign || (broken is null or NonDeterministicOrchestrationException && IsStuck))
        {
            broken = new NonDurableWaitException(
                $"Orchestrator '{_context?.Name}' waits for something outside its history, such as Task.Delay, Task.Run, I/O or "
                + "ConfigureAwait(false). Use the context's timers, events and activities.");
        }

        if (broken is not null || _code is null)
        {
            return Failed(broken ?? new UnsupportedHistoryException("The history holds no start."), steps: []);
        }

        return _code switch
        {
            { IsCompletedSuccessfully: true } => _answers.Completed(CompletionId(), _code.Result, _steps.Unconfirmed),
            { IsFaulted: true } => Failed(_code.Exception.InnerException ?? _code.Exception, _steps.Unconfirmed),
            { IsCanceled: true } => Failed(new TaskCanceledException(), _steps.Unconfirmed),
            _ => _answers.Waiting(_steps.Unconfirmed),
        };
    }

    private IEnumerable<HistoryEvent> AllEvents => _request.PastEvents.Concat(_request.NewEvents);

    // Nothing in the history could ever move the code on.
    private bool IsStuck => _code is { IsCompleted: false } && !_steps.HasOpen && !_events.HasWaiters;

    // Above every id in the history too: code that was changed may have taken fewer steps than are recorded.
    private int CompletionId() => Math.Max(_steps.NextId(), AllEvents.Select(next => next.EventId).DefaultIfEmpty(-1).Max() + 1);

    private OrchestratorResponse Failed(Exception failure, IReadOnlyCollection<OrchestratorAction> steps)
    {
        Logs.OrchestrationFailed(_log, _request.InstanceId, failure.GetType().FullName, failure.StackTrace);
        return _answers.Failed(CompletionId(), Failures.OfOrchestration(failure, _options.DescribeFailure), steps);
    }

    private void Replay()
    {
        if (_request.RequiresHistoryStreaming)
        {
            throw new UnsupportedHistoryException("The host asks for history streaming, which custom handlers do not get.");
        }

        foreach (var past in _request.PastEvents)
        {
            Apply(past);
        }

        if (_steps.Unconfirmed.Count > 0)
        {
            Logs.UnrecordedSteps(_log, _request.InstanceId, _steps.Unconfirmed.Count);
        }

        _replaying = false;
        _context?.EnterNewEvents();
        foreach (var next in _request.NewEvents)
        {
            Apply(next);
        }
    }

    // Kinds without a case mean nothing to the code: ends of turns, markers of the engine, kinds newer than this worker.
    private void Apply(HistoryEvent next)
    {
        switch (next.EventTypeCase)
        {
            case Event.OrchestratorStarted:
                MoveClock(next);
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
            case Event.TaskCompleted:
                End(next.TaskCompleted.TaskScheduledId, _ => new StepOutcome(next.TaskCompleted.Result, null));
                break;
            case Event.TaskFailed:
                End(next.TaskFailed.TaskScheduledId, step => new StepOutcome(null, Failures.OfCall(step, next.TaskFailed.FailureDetails)));
                break;
            case Event.TimerFired:
                End(next.TimerFired.TimerId, _ => default);
                break;
            case Event.EventRaised:
                _events.Deliver(next.EventRaised.Name, next.EventRaised.Input);
                _scheduler.Pump();
                break;
            case Event.SubOrchestrationInstanceCreated or Event.SubOrchestrationInstanceCompleted
                or Event.SubOrchestrationInstanceFailed or Event.EventSent
                or Event.ExecutionSuspended or Event.ExecutionResumed:
                throw new UnsupportedHistoryException($"The history holds {next.EventTypeCase}, which this worker does not replay.");
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

        _context = new ReplayContext(name, _request.InstanceId, _scheduler, _steps, _events, _answers, _json, _loggers);
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
        var value = _json.Read(input, orchestrator.InputType, $"input of orchestration '{context.Name}'");
        var output = await orchestrator.RunAsync(context, value);
        return _json.Write(output, orchestrator.OutputType, $"output of orchestration '{context.Name}'");
    }

    private void End(int id, Func<string, StepOutcome> outcome)
    {
        if (_steps.TakeOpen(id) is { } step)
        {
            step.End(outcome(step.Name));
            _scheduler.Pump();
        }
    }

    private void NoteForeign()
    {
        if (_over)
        {
            Logs.LateContinuation(_log, _request.InstanceId, _context?.Name);
        }
    }
}
