using Vorel.Core.Messaging;
using Vorel.Core.Retention;
using Vorel.Durable;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Queues;

/// <summary>Takes the work off its queue that can wait behind live traffic.</summary>
internal sealed class BulkFunction(BulkMessages messages, ILogger<BulkFunction> log)
{
    [Function("Bulk")]
    public async Task Run([QueueTrigger(WorkQueues.Bulk)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await messages.Handle(message, cancellationToken) is { } report)
        {
            log.Swept(report.Purged, report.Kept, report.Failed, report.More);
        }
    }
}
