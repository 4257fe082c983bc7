using Azure;
using Vorel.Azure.Queues;

namespace Vorel.LocalHost.Queues;

/// <summary>A received message kept invisible while its function runs.</summary>
internal sealed class MessageLease(QueueClient queue, QueueMessage message)
{
    /// <summary>
    /// How long a message stays hidden after the host was killed. The real host takes ten minutes; here nobody should
    /// wait that long. Renewed at half time.
    /// </summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private string receipt = message.PopReceipt;

    /// <summary>Does the work while renewing; what comes after has the receipt that is valid then.</summary>
    public async Task<T> Keep<T>(Task<T> work, CancellationToken cancellationToken)
    {
        while (await Task.WhenAny(work, Task.Delay(Length / 2, cancellationToken)) != work)
        {
            cancellationToken.ThrowIfCancellationRequested();
            receipt = (await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: Length, cancellationToken: cancellationToken)).Value.PopReceipt;
        }

        return await work;
    }

    public Task Delete(CancellationToken cancellationToken) => IfStillOurs(queue.DeleteMessageAsync(message.MessageId, receipt, cancellationToken));

    /// <summary>Makes it visible again after a while; at once for zero.</summary>
    public Task Release(TimeSpan after, CancellationToken cancellationToken) =>
        IfStillOurs(queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: after, cancellationToken: cancellationToken));

    /// <summary>A message that someone else has taken meanwhile is theirs.</summary>
    private static async Task IfStillOurs(Task call)
    {
        try
        {
            await call;
        }
        catch (RequestFailedException error) when (error.Status == 404 || error.ErrorCode == "PopReceiptMismatch")
        {
            return;
        }
    }
}
