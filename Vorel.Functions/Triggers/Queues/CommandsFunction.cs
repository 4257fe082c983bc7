using Vorel.Core.Messaging;
using Vorel.Core.Redrives;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Queues;

/// <summary>Takes what operators have ordered off its queue.</summary>
internal sealed class CommandsFunction(CommandMessages messages)
{
    [Function("Commands")]
    public Task Run([QueueTrigger(WorkQueues.Commands)] string message, CancellationToken cancellationToken) =>
        messages.Handle(message, cancellationToken);
}
