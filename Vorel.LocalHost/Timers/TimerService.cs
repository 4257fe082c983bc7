using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Timers;

/// <summary>Runs a listener for every timer function.</summary>
internal sealed class TimerService(
    FunctionCatalog catalog, AppSettings settings, DomainClock clock, IHostState state, IFunctionInvoker invoker, HostStop stop, ILoggerFactory loggers)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var logger = loggers.CreateLogger("host");
        try
        {
            await Task.WhenAll(catalog.Functions
                .Where(function => function.Trigger.Is("timerTrigger"))
                .Select(function => new TimerListener(function, settings, clock, state, invoker, logger).Run(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Logs.ListenersStopped(logger, "timers");
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            stop.Now($"The timer listener failed: {error.Message}");
        }
    }
}
