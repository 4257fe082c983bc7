using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Queues;

/// <summary>Runs a listener for every queue function.</summary>
internal sealed class QueueService(
    FunctionCatalog catalog, HostConfiguration configuration, AppSettings settings, IFunctionInvoker invoker, HostStop stop, ILoggerFactory loggers)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var logger = loggers.CreateLogger("host");
        try
        {
            await Task.WhenAll(catalog.Functions
                .Where(function => function.Trigger.Is("queueTrigger"))
                .Select(function => new QueueListener(function, configuration.Queues, settings, invoker, logger).Run(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Logs.ListenersStopped(logger, "queue listeners");
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            stop.Now($"A queue listener failed: {error.Message}");
        }
    }
}
