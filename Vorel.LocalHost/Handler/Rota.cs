using Vorel.LocalHost.Development;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Handler;

/// <summary>
/// The instances of one scaling group, called in turn. One that starts is passed over while another is ready, and one whose handler ended
/// with code 0 as long as there is any other.
/// </summary>
internal sealed class Rota(IReadOnlyList<HandlerInstance> instances)
{
    private int _turn = -1;

    public async Task<HandlerEndpoint> Ready(FunctionDefinition function, CancellationToken cancellationToken)
    {
        var ready = instances.Where(instance => instance.IsReady).ToList();
        if (ready.Count > 0)
        {
            return await ready[(int)((uint)Interlocked.Increment(ref _turn) % ready.Count)].Gate.Ready(function, cancellationToken);
        }

        var hopeful = instances.Where(instance => instance.Supervisor.State != HandlerState.Error).ToList();
        using var settled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny((hopeful.Count > 0 ? hopeful : instances).Select(instance => instance.Gate.Ready(function, settled.Token)));
        await settled.CancelAsync();
        return await first;
    }
}
