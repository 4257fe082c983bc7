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
    private static readonly TimeSpan s_shortestPoll = TimeSpan.FromMilliseconds(100);

    private readonly FunctionDefinition _function;
    private readonly QueueSettings _settings;
    private readonly IFunctionInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly QueueClient _queue;
    private readonly QueueClient _poison;
    private readonly QueueClient _rawPoison;
    private readonly Backoff _delay;
    private readonly HashSet<Task> _working = [];

    public QueueListener(FunctionDefinition function, QueueSettings settings, AppSettings app, IFunctionInvoker invoker, TimeProvider time, ILogger logger)
    {
        _function = function;
        _settings = settings;
        _invoker = invoker;
        _time = time;
        _logger = logger;
        var trigger = function.Trigger;
        var name = app.Expand(trigger.Text("queueName") ?? throw new InvalidDataException($"{function.Name} names no queue."));
        var account = app.Connection(trigger.Text("connection"));
        var encoding = settings.Base64 ? QueueMessageEncoding.Base64 : QueueMessageEncoding.None;
        _queue = new QueueClient(account, name, new QueueClientOptions { MessageEncoding = encoding });
        _poison = new QueueClient(account, $"{name}-poison", new QueueClientOptions { MessageEncoding = encoding });
        _rawPoison = new QueueClient(account, $"{name}-poison", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        _delay = new Backoff(s_shortestPoll, settings.MaxPollingInterval);
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
                    _working.Add(Task.Run(() => Handle(message, drained.Token), CancellationToken.None));
                }

                await Room(cancellationToken);
                await Task.Delay(_delay.After(messages.Length > 0, Random.Shared.NextDouble()), cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(_working);
        }
    }

    private async Task<QueueMessage[]> Receive(CancellationToken cancellationToken)
    {
        try
        {
            return (await _queue.ReceiveMessagesAsync(_settings.BatchSize, MessageLease.Length, cancellationToken)).Value;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return []; // The queue is not there yet: its first sender creates it.
        }
        catch (Exception error) when (StorageFault.Is(error, cancellationToken))
        {
            Logs.QueuePollFailed(_logger, _queue.Name, error.Message);
            return [];
        }
    }

    /// <summary>Waits until no more than newBatchThreshold messages are being worked on.</summary>
    private async Task Room(CancellationToken cancellationToken)
    {
        await Settle();
        while (_working.Count > _settings.NewBatchThreshold)
        {
            await Task.WhenAny(_working).WaitAsync(cancellationToken);
            await Settle();
        }
    }

    /// <summary>Lets go of what has ended; a fault that <see cref="Handle"/> does not know ends the listener.</summary>
    private async Task Settle()
    {
        foreach (var ended in _working.Where(task => task.IsCompleted).ToList())
        {
            _working.Remove(ended);
            await ended;
        }
    }

    private async Task Handle(QueueMessage message, CancellationToken cancellationToken)
    {
        var lease = new MessageLease(_queue, message, _time, _logger);
        try
        {
            if (Decode(message) is not { } text)
            {
                Logs.QueueMessageUndecodable(_logger, _queue.Name, message.MessageId);
                await Poison(_rawPoison, message.EncodedText, lease, cancellationToken);
            }
            else if (message.DequeueCount > _settings.MaxDequeueCount)
            {
                await Poison(_poison, text, lease, cancellationToken);
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
            Logs.QueueMessageLeft(_logger, _queue.Name, message.MessageId, error.Message);
        }
    }

    private async Task Call(QueueMessage message, string text, MessageLease lease, CancellationToken cancellationToken)
    {
        var call = _invoker.Invoke(_function, QueueEnvelope.Data(_function.Trigger, text), QueueEnvelope.Metadata(_function.Trigger, message, text), cancellationToken);
        switch (await lease.Keep(call, cancellationToken))
        {
            case InvocationResult.Success:
                await lease.Delete(cancellationToken);
                break;
            case var _ when message.DequeueCount >= _settings.MaxDequeueCount:
                await Poison(_poison, text, lease, cancellationToken);
                break;
            default:
                await lease.Release(_settings.VisibilityTimeout, cancellationToken);
                break;
        }
    }

    private async Task Poison(QueueClient target, string text, MessageLease lease, CancellationToken cancellationToken)
    {
        Logs.QueueMessagePoisoned(_logger, _queue.Name, target.Name);
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
