namespace Vorel.Durable.Replay;

/// <summary>
/// Brings events and those that wait for them together, per name. Unclaimed events keep their order; among waiters
/// the newest is served first, as in the reference worker. Unlike there, a cancelled waiter is removed and so loses no event.
/// </summary>
internal sealed class EventMailbox
{
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<string?>>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<string?>> _unclaimed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Someone waits for an event.</summary>
    public bool HasWaiters => _waiters.Values.Any(waiters => waiters.Count > 0);

    public void Deliver(string name, string? payload)
    {
        if (_waiters.TryGetValue(name, out var waiters) && waiters.Last is { } newest)
        {
            waiters.RemoveLast();
            newest.Value.TrySetResult(payload);
            return;
        }

        if (!_unclaimed.TryGetValue(name, out var queue))
        {
            _unclaimed[name] = queue = new Queue<string?>();
        }

        queue.Enqueue(payload);
    }

    /// <summary>Takes the oldest unclaimed event.</summary>
    public bool TryTake(string name, out string? payload)
    {
        payload = null;
        return _unclaimed.TryGetValue(name, out var queue) && queue.TryDequeue(out payload);
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
