using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Queues;

/// <summary>Runs a listener for every queue function on every instance that runs the function: several compete for the messages.</summary>
internal sealed class QueueService(
    FunctionCatalog catalog,
    HostConfiguration configuration,
    AppSettings settings,
    HandlerPool handlers,
    Func<IHandlers, IFunctionInvoker> invokers,
    TimeProvider time,
    HostStop stop,
    ILoggerFactory loggers) : ListenerService("queue listeners", stop, loggers)
{
    protected override IEnumerable<Func<CancellationToken, Task>> Listeners() =>
        from function in catalog.Enabled
        where function.Trigger.Is("queueTrigger")
        from instance in handlers.Instances
        where instance.Assignment.Runs(function)
        select (Func<CancellationToken, Task>)new QueueListener(function, configuration.Queues, settings, invokers(instance.Gate), time, Logger).Run;
}
