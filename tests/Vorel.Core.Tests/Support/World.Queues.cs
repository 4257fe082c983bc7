using Vorel.Core.Messaging;
using Vorel.Testing;

namespace Vorel.Core.Tests.Support;

/// <summary>What lies in the queues, and the functions that take it out.</summary>
internal sealed partial class World
{
    /// <summary>The queues, that of live traffic first.</summary>
    public static IReadOnlyList<string> Queues { get; } = [WorkQueues.Live, WorkQueues.Commands, WorkQueues.Bulk];

    /// <summary>Handles every message that is visible, as the queue trigger would; the number of messages.</summary>
    public async Task<int> Dispatch()
    {
        for (var count = 0; ; count++)
        {
            if (Next() is not var (queue, message))
            {
                return count;
            }

            await Handle(queue, message.Body);
            await Queue.Inner.Remove(queue, message.Receipt, default);
        }
    }

    /// <summary>Lets time pass until no redrive has anything more to send.</summary>
    public async Task FinishRedrives()
    {
        await Dispatch();
        while (Queues.Skip(1).SelectMany(Queue.Inner.Messages).MinBy(message => message.VisibleAt) is { } next)
        {
            Advance(next.VisibleAt - Real.GetUtcNow());
            await Dispatch();
        }
    }

    /// <summary>Takes a message that is visible, of whichever queue.</summary>
    public (string Queue, WorkQueueMessage Message)? Next()
    {
        foreach (var queue in Queues)
        {
            if (Queue.Inner.TakeNext(queue, TimeSpan.FromSeconds(30)) is { } message)
            {
                return (queue, message);
            }
        }

        return null;
    }

    /// <summary>Handles a message as the function of its queue would.</summary>
    public Task Handle(string queue, string body) => queue switch
    {
        WorkQueues.Live => Live.Handle(body, default),
        WorkQueues.Bulk => Bulk.Handle(body, default),
        _ => Commands.Handle(body, default),
    };

    /// <summary>The body of the message put last.</summary>
    public string LastIntent() => Queue.Inner.Messages(WorkQueues.Live)[^1].Body;
}
