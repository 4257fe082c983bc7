using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Durable;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Queues;

/// <summary>Takes the work of live traffic off its queue.</summary>
internal sealed class LiveFunction(LiveMessages messages)
{
    [Function("Live")]
    public Task Run([QueueTrigger(WorkQueues.Live)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        messages.Handle(message, cancellationToken);
}
