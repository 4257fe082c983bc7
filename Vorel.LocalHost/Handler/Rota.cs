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

        while (true)
        {
            var hopeful = instances.Where(IsHopeful).ToList();
            using var settled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var waits = (hopeful.Count > 0 ? hopeful : instances).ToDictionary(instance => instance.Gate.Ready(function, settled.Token));
            var first = await Task.WhenAny(waits.Keys);
            await settled.CancelAsync();

            // The first to let calls through may have died for good while they waited.
            if (IsHopeful(waits[first]) || !instances.Any(IsHopeful))
            {
                return await first;
            }
        }
    }

    private static bool IsHopeful(HandlerInstance instance) => instance.Supervisor.State != HandlerState.Error;
}
