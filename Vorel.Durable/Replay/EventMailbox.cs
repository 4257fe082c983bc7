using Vorel.Durable.Protocol;

namespace Vorel.Durable.Replay;

/// <summary>
/// Brings events and those that wait for them together, per name. Unclaimed events keep their order; among waiters
/// the newest is served first, as in the reference worker. Unlike there, a cancelled waiter is removed and so loses no event.
/// </summary>
internal sealed class EventMailbox
{
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<string?>>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<(int Arrival, HistoryEvent Event)>> _unclaimed = new(StringComparer.OrdinalIgnoreCase);
    private int _arrivals;
    private bool _closed;

    /// <summary>Someone waits for an event, and may still get one.</summary>
    public bool HasWaiters => !_closed && _waiters.Values.Any(waiters => waiters.Count > 0);

    /// <summary>The events that nobody took, in the order of their arrival.</summary>
    public IEnumerable<HistoryEvent> Unclaimed =>
        _unclaimed.Values.SelectMany(queue => queue).OrderBy(kept => kept.Arrival).Select(kept => kept.Event);

    /// <summary>From now on nobody gets an event: all are kept for the next execution.</summary>
    public void Close() => _closed = true;

    public void Deliver(HistoryEvent raised)
    {
        var name = raised.EventRaised.Name;
        if (!_closed && _waiters.TryGetValue(name, out var waiters) && waiters.Last is { } newest)
        {
            waiters.RemoveLast();
            newest.Value.TrySetResult(raised.EventRaised.Input);
            return;
        }

        if (!_unclaimed.TryGetValue(name, out var queue))
        {
            _unclaimed[name] = queue = new Queue<(int, HistoryEvent)>();
        }

        queue.Enqueue((_arrivals++, raised));
    }

    /// <summary>Takes the oldest unclaimed event.</summary>
    public bool TryTake(string name, out string? payload)
    {
        payload = null;
        if (!_unclaimed.TryGetValue(name, out var queue) || !queue.TryDequeue(out var oldest))
        {
            return false;
        }

        payload = oldest.Event.EventRaised.Input;
        return true;
    }

    /// <summary>Adds a waiter. The returned action takes it away again.</summary>
    public (Task<string?> Event, Action<CancellationToken> Leave) Wait(string name)
    {
        if (!_waiters.TryGetValue(name, out var waiters))
        {
            _waiters[name] = waiters = new LinkedList<TaskCompletionSource<string?>>();
        }

        var node = waiters.AddLast(new TaskCompletionSource<string?>());
        return (node.Value.Task, Leave);

        void Leave(CancellationToken token)
        {
            if (node.List is not null)
            {
                waiters.Remove(node);
                node.Value.TrySetCanceled(token);
            }
        }
    }
}
