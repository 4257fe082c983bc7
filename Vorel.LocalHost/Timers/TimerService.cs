using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Timers;

/// <summary>Runs a listener for every timer function.</summary>
internal sealed class TimerService(
    FunctionCatalog catalog, AppSettings settings, DomainClock clock, IHostState state, IFunctionInvoker invoker, HostStop stop, ILoggerFactory loggers)
    : ListenerService("timers", stop, loggers)
{
    protected override IEnumerable<Func<CancellationToken, Task>> Listeners() => catalog.Enabled
        .Where(function => function.Trigger.Is("timerTrigger"))
        .Select(function => (Func<CancellationToken, Task>)new TimerListener(function, settings, clock, state, invoker, Logger).Run);
}
