using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>Histories of the executions that ran last, up to a number of bytes; the table has them all.</summary>
internal sealed class HistoryCache(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    public IReadOnlyList<HistoryEvent>? Get(string executionId)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(executionId, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Events;
        }
    }

    public void Put(string executionId, IReadOnlyList<HistoryEvent> events)
    {
        // In memory an event takes several times its size on the wire; four is a round guess that need not be exact.
        var entry = new Entry(executionId, events, events.Sum(item => 200L + (4L * item.CalculateSize())));
        lock (_gate)
        {
            Drop(executionId);
            _entries[executionId] = _byUse.AddFirst(entry);
            _bytes += entry.Bytes;
            while (_bytes > maxBytes && _byUse.Last is { } oldest)
            {
                Drop(oldest.Value.ExecutionId);
            }
        }
    }

    public void Remove(string executionId)
    {
        lock (_gate)
        {
            Drop(executionId);
        }
    }

    private void Drop(string executionId)
    {
        if (_entries.Remove(executionId, out var node))
        {
            _byUse.Remove(node);
            _bytes -= node.Value.Bytes;
        }
    }

    private sealed record Entry(string ExecutionId, IReadOnlyList<HistoryEvent> Events, long Bytes);
}
