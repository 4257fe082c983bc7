using Vorel.Core.Due;
using Vorel.Core.Messaging;
using Vorel.Core.Time;
using Vorel.Durable;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Timers;

/// <summary>Starts again, once a minute, what should have moved on and did not, and brings poisoned messages back.</summary>
internal sealed class TickFunction(Tick tick, PoisonQueues poison, Clocks clocks, ILogger<TickFunction> log)
{
    /// <summary>How long a run takes on new hints: the next run is a minute away and goes on where this one stops.</summary>
    private static readonly TimeSpan s_slice = TimeSpan.FromSeconds(50);

    // Side by side: a fault of one, or its backlog, must not keep the others from their turn.
    [Function("Tick")]
    public Task Run(
        [TimerTrigger("0 */1 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        Task.WhenAll([HandleHints(timer, cancellationToken), .. PoisonQueues.Drained.Select(queue => DrainPoison(queue, cancellationToken))]);

    private async Task HandleHints(TimerInfo timer, CancellationToken cancellationToken)
    {
        var began = clocks.Real.GetTimestamp();
        TickReport report;
        do
        {
            report = await tick.Run(clocks.Domain.GetUtcNow(), cancellationToken);
            log.Ticked(report.Handled, report.Failed, timer.IsPastDue);
        }
        while (report is { More: true, Failed: 0 } && clocks.Real.GetElapsedTime(began) < s_slice);
    }

    private async Task DrainPoison(string queue, CancellationToken cancellationToken)
    {
        if (await poison.Drain(queue, cancellationToken) is > 0 and var moved)
        {
            log.PoisonPutBack(queue, moved);
        }
    }
}
