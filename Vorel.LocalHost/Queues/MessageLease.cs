using Azure;
using Vorel.Azure.Queues;
using Vorel.LocalHost.Hosting;

namespace Vorel.LocalHost.Queues;

/// <summary>A received message kept invisible while its function runs.</summary>
internal sealed class MessageLease(QueueClient queue, QueueMessage message, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// How long a message stays hidden after the host was killed. The real host takes ten minutes; here nobody should
    /// wait that long. Renewed at half time.
    /// </summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private string _receipt = message.PopReceipt;

    /// <summary>
    /// Awaits the work while renewing; what comes after has the receipt that is valid then. A renewal that fails does not end
    /// the work: at worst someone else gets the message too.
    /// </summary>
    public async Task<T> Keep<T>(Task<T> work, CancellationToken cancellationToken)
    {
        while (await Task.WhenAny(work, Task.Delay(Length / 2, time, cancellationToken)) != work && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                var update = await queue.UpdateMessageAsync(message.MessageId, _receipt, visibilityTimeout: Length, cancellationToken: cancellationToken);
                _receipt = update.Value.PopReceipt;
            }
            catch (Exception error) when (StorageFault.Is(error, cancellationToken))
            {
                Logs.QueueLeaseNotRenewed(logger, queue.Name, message.MessageId, error.Message);
            }
        }

        return await work.WaitAsync(cancellationToken);
    }

    public Task Delete(CancellationToken cancellationToken) => IfStillOurs(queue.DeleteMessageAsync(message.MessageId, _receipt, cancellationToken));

    /// <summary>Makes it visible again after a while; at once for zero.</summary>
    public Task Release(TimeSpan after, CancellationToken cancellationToken) =>
        IfStillOurs(queue.UpdateMessageAsync(message.MessageId, _receipt, visibilityTimeout: after, cancellationToken: cancellationToken));

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
