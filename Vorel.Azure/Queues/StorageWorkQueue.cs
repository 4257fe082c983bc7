using System.Collections.Concurrent;
using Azure;
using Vorel.Azure.Stores;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;

namespace Vorel.Azure.Queues;

/// <summary>The work queue port on Azure Queues: base64, work never expires, a missing queue is made by the first put.</summary>
/// <param name="service">The account; its encoding must be base64, as the Functions queue trigger expects.</param>
public sealed class StorageWorkQueue(QueueServiceClient service) : IWorkQueue
{
    private static readonly TimeSpan s_forever = TimeSpan.FromSeconds(-1);

    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">The queue did not answer; the message may be there.</exception>
    public Task<QueueReceipt> Put(string queue, string body, TimeSpan delay, CancellationToken cancellationToken) =>
        Send(queue, body, delay, s_forever, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="StoreUnavailableException">The queue did not answer; the message may be there.</exception>
    public Task Keep(string queue, string body, TimeSpan life, CancellationToken cancellationToken) =>
        Send(queue, body, TimeSpan.Zero, life, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> Show(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
        Change(
            queue,
            client => client.UpdateMessageAsync(
                receipt.MessageId, receipt.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> Remove(string queue, QueueReceipt receipt, CancellationToken cancellationToken) =>
        Change(queue, client => client.DeleteMessageAsync(receipt.MessageId, receipt.PopReceipt, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QueuedMessage>> Take(string queue, int count, TimeSpan hideFor, CancellationToken cancellationToken)
    {
        try
        {
            var messages = await Queue(queue).ReceiveMessagesAsync(count, hideFor, cancellationToken);
            return [.. messages.Value.Select(message => new QueuedMessage(new QueueReceipt(message.MessageId, message.PopReceipt), Text(message)))];
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == "QueueNotFound")
        {
            return [];
        }
        catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
        {
            throw Unavailable(queue, exception);
        }
    }

    private async Task<QueueReceipt> Send(string queue, string body, TimeSpan delay, TimeSpan life, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await Once();
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == "QueueNotFound")
            {
                await Queue(queue).CreateIfNotExistsAsync(cancellationToken);
                return await Once();
            }
        }
        catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
        {
            throw Unavailable(queue, exception);
        }

        async Task<QueueReceipt> Once()
        {
            SendReceipt put = await Queue(queue).SendMessageAsync(body, delay, life, cancellationToken);
            return new QueueReceipt(put.MessageId, put.PopReceipt);
        }
    }

    // One message that somebody else put must not keep the others from being taken.
    private static string Text(QueueMessage message)
    {
        try
        {
            return message.MessageText;
        }
        catch (FormatException)
        {
            return message.EncodedText;
        }
    }

    private static StoreUnavailableException Unavailable(string queue, Exception exception) => new($"Queue {queue} did not answer.", exception);

    private async Task<bool> Change(string queue, Func<QueueClient, Task> change, CancellationToken cancellationToken)
    {
        try
        {
            await change(Queue(queue));
            return true;
        }
        catch (RequestFailedException gone) when (gone.Status == 404 || gone.ErrorCode == "PopReceiptMismatch")
        {
            return false;
        }
        catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
        {
            throw Unavailable(queue, exception);
        }
    }

    private QueueClient Queue(string name) => _queues.GetOrAdd(name, static (queue, client) => client.GetQueueClient(queue), service);
}
