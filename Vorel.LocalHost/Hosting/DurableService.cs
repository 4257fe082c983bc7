using Vorel.LocalHost.Durable;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Hosting;

/// <summary>Starts and stops the Durable hub with the host.</summary>
internal sealed class DurableService(DurableHub hub, IFunctionInvoker invoker) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => hub.Start(invoker, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => hub.StopAsync();
}
