using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Queues;

/// <summary>Runs a listener for every queue function.</summary>
internal sealed class QueueService(
    FunctionCatalog catalog, HostConfiguration configuration, AppSettings settings, IFunctionInvoker invoker, HostStop stop, ILoggerFactory loggers)
    : ListenerService("queue listeners", stop, loggers)
{
    protected override IEnumerable<Func<CancellationToken, Task>> Listeners() => catalog.Enabled
        .Where(function => function.Trigger.Is("queueTrigger"))
        .Select(function => (Func<CancellationToken, Task>)new QueueListener(function, configuration.Queues, settings, invoker, Logger).Run);
}
