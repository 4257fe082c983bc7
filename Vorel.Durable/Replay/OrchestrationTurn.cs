using Microsoft.Extensions.Logging;
using Vorel.Durable.Payloads;
using Vorel.Durable.Protocol;

namespace Vorel.Durable.Replay;

/// <summary>
/// One turn: replays the whole history against the code and answers with the steps that are new. The code runs
/// between events only, on the caller's thread.
/// </summary>
internal sealed partial class OrchestrationTurn
{
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
    private readonly Suspension _suspension = new();
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

    /// <summary>Orchestration time at the turn's end.</summary>
    public DateTime Now => _now;

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

        var end = Math.Max(_steps.NextId(), TurnAnswers.CompletionId(_request));
        if (ClientsWill.Answer(_request, _answers, end) is { } decided)
        {
            return decided;
        }

        broken = _context?.LateStep ?? WhyStuck(broken) ?? broken;
        if (broken is not null || _code is null)
        {
            return Failed(end, broken ?? new UnsupportedHistoryException("The history holds no start."), steps: []);
        }

        return _code switch
        {
            { IsCompletedSuccessfully: true } when _context?.Continuation is { } next =>
                _answers.ContinuedAsNew(end, next.Input, next.KeepsEvents ? _events.Unclaimed : [], _steps.Unconfirmed),
            { IsCompletedSuccessfully: true } => _answers.Completed(end, _code.Result, _steps.Unconfirmed),
            { IsFaulted: true } => Failed(end, _code.Exception.InnerException ?? _code.Exception, _steps.Unconfirmed),
            { IsCanceled: true } => Failed(end, new TaskCanceledException(), _steps.Unconfirmed),
            _ => _answers.Waiting(_steps.Unconfirmed),
        };
    }

    private bool HasEnded => _code is { IsCompleted: true };

    // Nothing in the history moved the code on, or ever could.
    private Exception? WhyStuck(Exception? broken)
    {
        var stuck = broken is null or NonDeterministicOrchestrationException
            && _code is { IsCompleted: false } && !_steps.HasOpen && !_events.HasWaiters;
        return (_scheduler.SawForeign, stuck) switch
        {
            (false, true) when _context?.Continuation is not null => new StepAfterContinueAsNewException(
                $"Orchestrator '{_context.Name}' waits for an event after ContinueAsNew: events go to the next execution now."),
            (false, false) => null,
            _ => new NonDurableWaitException(
                $"Orchestrator '{_context?.Name}' waits for something outside its history, such as Task.Delay, Task.Run, I/O or "
                + "ConfigureAwait(false). Use the context's timers, events and activities."),
        };
    }

    private OrchestratorResponse Failed(int id, Exception failure, IReadOnlyCollection<OrchestratorAction> steps)
    {
        Logs.OrchestrationFailed(_log, _request.InstanceId, failure.GetType().FullName, failure.StackTrace);
        return _answers.Failed(id, Failures.OfOrchestration(failure, _options.DescribeFailure), steps);
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

        if (_steps.Unconfirmed.Count > 0 && !Suspension.IsSuspended(_request.PastEvents))
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

    private void NoteForeign()
    {
        if (_over)
        {
            Logs.LateContinuation(_log, _request.InstanceId, _context?.Name);
        }
    }
}
