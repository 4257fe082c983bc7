using Azure;
using Vorel.Azure.Queues;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Queues;

/// <summary>
/// Polls one queue and calls its function, a batch at a time, under the rules of host.json. A message that failed
/// maxDequeueCount times, or that cannot be decoded, goes to <c>{queue}-poison</c>.
/// </summary>
internal sealed class QueueListener
{
    private readonly FunctionDefinition function;
    private readonly QueueSettings settings;
    private readonly IFunctionInvoker invoker;
    private readonly ILogger logger;
    private readonly QueueClient queue;
    private readonly QueueClient poison;
    private readonly QueueClient rawPoison;
    private readonly PollingDelay delay;
    private readonly HashSet<Task> working = [];

    public QueueListener(FunctionDefinition function, QueueSettings settings, AppSettings app, IFunctionInvoker invoker, ILogger logger)
    {
        this.function = function;
        this.settings = settings;
        this.invoker = invoker;
        this.logger = logger;
        var trigger = function.Trigger;
        var name = app.Expand(trigger.Text("queueName") ?? throw new InvalidDataException($"{function.Name} names no queue."));
        var connection = trigger.Text("connection");
        var account = app.Connection(string.IsNullOrEmpty(connection) ? null : connection);
        var encoding = settings.Base64 ? QueueMessageEncoding.Base64 : QueueMessageEncoding.None;
        queue = new QueueClient(account, name, new QueueClientOptions { MessageEncoding = encoding });
        poison = new QueueClient(account, $"{name}-poison", new QueueClientOptions { MessageEncoding = encoding });
        rawPoison = new QueueClient(account, $"{name}-poison", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        delay = new PollingDelay(settings.MaxPollingInterval);
    }

    /// <summary>Polls until the host stops; then what is under way has ended too.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        using var drained = new CancellationTokenSource();
        await using var drain = cancellationToken.Register(() => drained.CancelAfter(HostStop.Drain));
        try
        {
            while (true)
            {
                var messages = await Receive(cancellationToken);
                foreach (var message in messages)
                {
                    working.Add(Task.Run(() => Handle(message, drained.Token), CancellationToken.None));
                }

                await Room(cancellationToken);
                await Task.Delay(delay.After(messages.Length > 0, Random.Shared.NextDouble()), cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(working);
        }
    }

    private async Task<QueueMessage[]> Receive(CancellationToken cancellationToken)
    {
        try
        {
            return (await queue.ReceiveMessagesAsync(settings.BatchSize, MessageLease.Length, cancellationToken)).Value;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return []; // The queue is not there yet: its first sender creates it.
        }
        catch (Exception error) when (StorageFault.Is(error, cancellationToken))
        {
            Logs.QueuePollFailed(logger, queue.Name, error.Message);
            return [];
        }
    }

    /// <summary>Waits until no more than newBatchThreshold messages are being worked on.</summary>
    private async Task Room(CancellationToken cancellationToken)
    {
        working.RemoveWhere(task => task.IsCompleted);
        while (working.Count > settings.NewBatchThreshold)
        {
            await Task.WhenAny(working).WaitAsync(cancellationToken);
            working.RemoveWhere(task => task.IsCompleted);
        }
    }

    private async Task Handle(QueueMessage message, CancellationToken cancellationToken)
    {
        var lease = new MessageLease(queue, message, logger);
        try
        {
            if (Decode(message) is not { } text)
            {
                Logs.QueueMessageUndecodable(logger, queue.Name, message.MessageId);
                await Poison(rawPoison, message.EncodedText, lease, cancellationToken);
            }
            else if (message.DequeueCount > settings.MaxDequeueCount)
            {
                await Poison(poison, text, lease, cancellationToken);
            }
            else
            {
                await Call(message, text, lease, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops: hand the message back, so that the next host need not wait for the lease.
            using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await lease.Release(TimeSpan.Zero, moment.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception error) when (error is TimeoutException || StorageFault.Is(error, cancellationToken))
        {
            Logs.QueueMessageLeft(logger, queue.Name, message.MessageId, error.Message);
        }
    }

    private async Task Call(QueueMessage message, string text, MessageLease lease, CancellationToken cancellationToken)
    {
        var call = invoker.Invoke(function, QueueEnvelope.Data(function.Trigger, text), QueueEnvelope.Metadata(message, text), cancellationToken);
        switch (await lease.Keep(call, cancellationToken))
        {
            case InvocationResult.Success:
                await lease.Delete(cancellationToken);
                break;
            case var _ when message.DequeueCount >= settings.MaxDequeueCount:
                await Poison(poison, text, lease, cancellationToken);
                break;
            default:
                await lease.Release(settings.VisibilityTimeout, cancellationToken);
                break;
        }
    }

    private async Task Poison(QueueClient target, string text, MessageLease lease, CancellationToken cancellationToken)
    {
        Logs.QueueMessagePoisoned(logger, queue.Name, target.Name);
        await target.CreateIfNotExistsAsync(cancellationToken);
        await target.SendMessageAsync(text, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        await lease.Delete(cancellationToken);
    }

    private static string? Decode(QueueMessage message)
    {
        try
        {
            return message.MessageText;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
