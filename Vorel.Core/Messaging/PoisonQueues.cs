using System.Runtime.ExceptionServices;
using Vorel.Core.Storage;

namespace Vorel.Core.Messaging;

/// <summary>
/// Brings back what the host gave up on. After ten failed deliveries a message moves to the queue's poison queue; behind it
/// may be nothing worse than an outage, and an intent that stays there is an event that is lost. So nothing is dropped:
/// it goes back to its queue and is tried again. Only what is no message at all is set aside instead.
/// </summary>
public sealed class PoisonQueues(IWorkQueue queues, UnreadableMessages unreadable, Timings timings)
{
    private const int Batch = 32;
    private const int MostBatches = 10;
    private static readonly TimeSpan s_hidden = TimeSpan.FromMinutes(1);

    /// <summary>The queues whose poison queues are drained, by the names that the Functions host gives those.</summary>
    public static IReadOnlyList<string> Drained { get; } = [WorkQueues.Live, WorkQueues.Bulk, WorkQueues.Commands];

    /// <summary>Puts back at most 320 messages of <paramref name="queue"/>'s poison queue, to be visible after <see cref="Timings.PoisonRest"/>. A message is put before it is removed, so it may come twice and is never lost.</summary>
    /// <remarks>A message that fails holds up none of the others; the first such failure is thrown when they are done.</remarks>
    /// <returns>How many went back: more than none is worth an alert.</returns>
    /// <exception cref="StoreUnavailableException">The queues do not answer: the rest is left to the next run at once.</exception>
    public async Task<int> Drain(string queue, CancellationToken cancellationToken)
    {
        var poison = $"{queue}-poison";
        var moved = 0;
        ExceptionDispatchInfo? failure = null;
        for (var batch = 0; batch < MostBatches; batch++)
        {
            var messages = await queues.Take(poison, Batch, s_hidden, cancellationToken);
            foreach (var message in messages)
            {
                try
                {
                    moved += await PutBack(queue, message.Body, cancellationToken) ? 1 : 0;
                    await queues.Remove(poison, message.Receipt, cancellationToken);
                }
                catch (Exception exception) when (exception is not StoreUnavailableException && !cancellationToken.IsCancellationRequested)
                {
                    failure ??= ExceptionDispatchInfo.Capture(exception);
                }
            }

            if (messages.Count < Batch)
            {
                break;
            }
        }

        failure?.Throw();
        return moved;
    }

    private async Task<bool> PutBack(string queue, string body, CancellationToken cancellationToken)
    {
        if (await unreadable.SetAside(queue, body, cancellationToken))
        {
            return false;
        }

        await queues.Put(queue, body, timings.PoisonRest, cancellationToken);
        return true;
    }
}
