using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Sandbox;

namespace Vorel.LocalHost.Handler;

/// <summary>
/// Keeps the one handler process running under the real host's rules. Exit 0 stays dead, 200 is started again, anything
/// else is a strike; the third strike within 30 minutes stops the host itself.
/// </summary>
internal sealed class HandlerSupervisor(
    HostConfiguration configuration,
    AppSettings settings,
    SandboxServer sandbox,
    HandlerClient client,
    HandlerGate gate,
    HostAddresses addresses,
    HostStop stop,
    IEnumerable<IHandlerObserver> observers,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly ILogger _logger = loggers.CreateLogger("host");
    private readonly ILogger _output = loggers.CreateLogger("handler");
    private readonly StrikeLog _strikes = new();
    private volatile HandlerEndpoint? _running;
    private int _starts;

    /// <summary>The process that runs now, ready or not; null between two, and after exit 0.</summary>
    public HandlerEndpoint? Running => _running;

    /// <summary>How often a handler has been started.</summary>
    public int Starts => Volatile.Read(ref _starts);

    /// <summary>True once the handler has ended with code 0: nothing starts it again.</summary>
    public bool IsDeadForGood { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await addresses.Listening(stoppingToken);
            bool again;
            do
            {
                again = await RunOnce(stoppingToken);
            }
            while (again);
        }
        catch (HandlerStartException error)
        {
            stop.Now(error.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Logs.HandlerStopped(_logger);
        }
        catch (Exception error)
        {
            stop.Now($"The handler cannot be looked after: {error.Message}");
        }
    }

    /// <summary>One life of the handler; true where another one follows.</summary>
    private async Task<bool> RunOnce(CancellationToken stoppingToken)
    {
        using var process = HandlerProcess.Start(configuration.Handler, settings.ForHandler(sandbox.Address), addresses.ClockFor, new ConsoleRelay(_output));
        var endpoint = process.Endpoint;
        Logs.HandlerStarting(_logger, endpoint.ProcessId, endpoint.Address);
        _running = endpoint;
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

            Logs.HandlerNotReady(_logger, endpoint.ProcessId, configuration.Handler.InitializationTimeout);
            return Strike();
        }
        finally
        {
            await process.Kill();
            _running = null;
            Tell(observer => observer.Ended(endpoint));
        }
    }

    /// <summary>From ready to the process's end.</summary>
    private async Task<bool> Serve(HandlerProcess process, CancellationToken stoppingToken)
    {
        Logs.HandlerReady(_logger, process.Endpoint.ProcessId);
        Tell(observer => observer.Ready(process.Endpoint));
        var restart = gate.Open(process.Endpoint);
        await Task.WhenAny(process.Exited, restart).WaitAsync(stoppingToken);
        if (!restart.IsCompleted)
        {
            gate.Close();
            return await AfterExit(process);
        }

        Logs.HandlerKilledForTimeout(_logger, process.Endpoint.ProcessId);
        return true;
    }

    private async Task<bool> BecomesReady(HandlerProcess process, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(configuration.Handler.InitializationTimeout);
        var probing = new ReadinessProbe(client.Http).Ready(process.Endpoint.Address, limit.Token);
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
                IsDeadForGood = true;
                _ = gate.Open(process.Endpoint);
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
        if (_strikes.MayRestart(time.GetUtcNow()))
        {
            Logs.HandlerStrike(_logger, _strikes.Count, StrikeLog.Limit);
            return true;
        }

        stop.Now("Exceeded http worker restart retry count. Shutting down Functions Host: the handler crashed three times within 30 minutes.");
        return false;
    }

    private void Tell(Action<IHandlerObserver> what)
    {
        foreach (var observer in observers)
        {
            what(observer);
        }
    }
}
