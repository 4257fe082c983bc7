using Vorel.Core.Due;
using Vorel.Core.Messaging;
using Vorel.Core.Time;
using Vorel.Durable;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Timers;

/// <summary>Starts again, once a minute, what should have moved on and did not, and brings poisoned messages back.</summary>
internal sealed class TickFunction(Tick tick, PoisonQueues poison, Clocks clocks, ILogger<TickFunction> log)
{
    [Function("Tick")]
    public async Task Run(
        [TimerTrigger("0 */1 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        TickReport report;
        do
        {
            report = await tick.Run(clocks.Domain.GetUtcNow(), cancellationToken);
            log.Ticked(report.Handled, report.Failed, timer.IsPastDue);
        }
        while (report is { More: true, Failed: 0 });

        foreach (var queue in PoisonQueues.Drained)
        {
            if (await poison.Drain(queue, cancellationToken) is > 0 and var moved)
            {
                log.PoisonPutBack(queue, moved);
            }
        }
    }
}
