using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Handler;

/// <summary>
/// Keeps the one handler process of an instance running under the real host's rules. Exit 0 stays dead, 200 is started again, anything
/// else is a strike; the third strike within 30 minutes stops the instance's host.
/// </summary>
internal sealed class HandlerSupervisor
{
    private readonly string _name;
    private readonly TimeSpan _patience;
    private readonly Func<HandlerProcess> _start;
    private readonly ReadinessProbe _probe;
    private readonly IEnumerable<IHandlerObserver> _observers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private StrikeLog _strikes = new();
    private CancellationTokenSource? _life;
    private string? _reason;
    private volatile HandlerEndpoint? _newest;
    private volatile HandlerState _state;
    private int _starts;

    /// <param name="assignment">What the instance runs.</param>
    /// <param name="patience">How long a handler may take to become ready; an invocation waits four times that.</param>
    /// <param name="start">Starts a process.</param>
    /// <param name="probe">Tells when it is ready.</param>
    /// <param name="observers">Who is told about starts and ends.</param>
    /// <param name="time">The machine's clock.</param>
    /// <param name="logger">The host's log.</param>
    public HandlerSupervisor(
        Assignment assignment,
        TimeSpan patience,
        Func<HandlerProcess> start,
        ReadinessProbe probe,
        IEnumerable<IHandlerObserver> observers,
        TimeProvider time,
        ILogger logger)
    {
        (_name, _patience, _start, _probe, _observers, _time, _logger) = (assignment.Name, patience, start, probe, observers, time, logger);
        Gate = new HandlerGate(assignment, patience * 4, Stop, time);
    }

    /// <summary>What calls to this handler go through.</summary>
    public HandlerGate Gate { get; }

    /// <summary>The last process that was started, whether it still runs or not; null before the first.</summary>
    public HandlerEndpoint? Newest => _newest;

    /// <summary>How often a handler has been started.</summary>
    public int Starts => Volatile.Read(ref _starts);

    /// <summary>How the handler is; <see cref="HandlerState.Error"/> once it has ended with code 0, after which nothing starts it again.</summary>
    public HandlerState State => _state;

    /// <summary>
    /// One life of the instance's host, with fresh strikes. Ends with the reason why that host stops; null where nothing is left to look
    /// after, since the handler is dead for good.
    /// </summary>
    /// <exception cref="HandlerStartException">The program cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The local host itself stops.</exception>
    public async Task<string?> Run(CancellationToken stoppingToken)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Gate.BeginLife();
        lock (_lock)
        {
            (_life, _reason, _strikes) = (life, null, new StrikeLog());
        }

        try
        {
            bool again;
            do
            {
                again = await RunOnce(life.Token);
            }
            while (again);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            Gate.Close(); // Stop asked for it, and has left its reason.
        }
        finally
        {
            lock (_lock)
            {
                _life = null;
            }
        }

        return _reason;
    }

    private void Stop(string reason)
    {
        lock (_lock)
        {
            if (_life is { } life)
            {
                _reason ??= reason;
                life.Cancel();
            }
        }
    }

    /// <summary>One life of the handler; true where another one follows.</summary>
    private async Task<bool> RunOnce(CancellationToken stoppingToken)
    {
        stoppingToken.ThrowIfCancellationRequested();
        using var process = _start();
        var endpoint = process.Endpoint;
        Logs.HandlerStarting(_logger, _name, endpoint.ProcessId, endpoint.Address);
        _newest = endpoint;
        Interlocked.Increment(ref _starts);
        Tell(observer => observer.Starting(endpoint));
        try
        {
            if (await BecomesReady(process, stoppingToken))
            {
                return await Serve(process, stoppingToken);
            }

            if (process.Exited.IsCompleted)
            {
                return await AfterExit(process);
            }

            Logs.HandlerNotReady(_logger, endpoint.ProcessId, _patience);
            return Strike();
        }
        finally
        {
            await process.Kill();
            Tell(observer => observer.Ended(endpoint));
        }
    }

    /// <summary>From ready to the process's end.</summary>
    private async Task<bool> Serve(HandlerProcess process, CancellationToken stoppingToken)
    {
        Logs.HandlerReady(_logger, process.Endpoint.ProcessId);
        _state = HandlerState.Running;
        Tell(observer => observer.Ready(process.Endpoint));
        var restart = Gate.Open(process.Endpoint);
        try
        {
            await Task.WhenAny(process.Exited, restart).WaitAsync(stoppingToken);
        }
        finally
        {
            _state = HandlerState.Starting;
        }

        if (!restart.IsCompleted)
        {
            Gate.Close();
            return await AfterExit(process);
        }

        Logs.HandlerKilledForTimeout(_logger, process.Endpoint.ProcessId);
        return true;
    }

    private async Task<bool> BecomesReady(HandlerProcess process, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(_patience);
        var probing = _probe.Ready(process.Endpoint.Address, limit.Token);
        await Task.WhenAny(probing, process.Exited);
        stoppingToken.ThrowIfCancellationRequested();
        if (probing.IsCompletedSuccessfully)
        {
            return true;
        }

        await limit.CancelAsync();
        await probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return false;
    }

    private async Task<bool> AfterExit(HandlerProcess process)
    {
        var code = await process.Exited;
        var pid = process.Endpoint.ProcessId;
        switch (code)
        {
            case 0:
                Logs.HandlerExitedWithZero(_logger, pid);
                _state = HandlerState.Error;
                Gate.Bury(process.Endpoint);
                return false;
            case 200:
                Logs.HandlerAskedForRestart(_logger, pid);
                return true;
            default:
                Logs.HandlerExited(_logger, pid, code, await process.LastErrors());
                return Strike();
        }
    }

    private bool Strike()
    {
        if (_strikes.MayRestart(_time.GetUtcNow()))
        {
            Logs.HandlerStrike(_logger, _name, _strikes.Count, StrikeLog.Limit);
            return true;
        }

        Stop("Exceeded http worker restart retry count. Shutting down Functions Host: the handler crashed three times within 30 minutes.");
        return false;
    }

    private void Tell(Action<IHandlerObserver> what)
    {
        foreach (var observer in _observers)
        {
            what(observer);
        }
    }
}
