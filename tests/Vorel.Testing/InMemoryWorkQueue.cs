using System.Text;
using Vorel.Core.Messaging;

namespace Vorel.Testing;

/// <summary>Queues in memory, with the visibilities and pop receipts of the real ones, on a clock that the test owns.</summary>
public sealed class InMemoryWorkQueue(TimeProvider time) : IWorkQueue
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Entry>> _queues = new(StringComparer.Ordinal);
    private long _receipts;

    /// <inheritdoc/>
    public Task<QueueReceipt> Put(string queue, string body, TimeSpan delay, CancellationToken cancellationToken) =>
        Add(queue, body, delay, TimeSpan.MaxValue, cancellationToken);

    /// <inheritdoc/>
    public Task Keep(string queue, string body, TimeSpan life, CancellationToken cancellationToken) =>
        Add(queue, body, TimeSpan.Zero, life, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> Show(string queue, QueueReceipt receipt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (Find(queue, receipt) is not { } entry)
            {
                return Task.FromResult(false);
            }

            entry.VisibleAt = time.GetUtcNow();
            entry.PopReceipt = NextReceipt();
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<bool> Remove(string queue, QueueReceipt receipt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(Find(queue, receipt) is { } entry && Queue(queue).Remove(entry));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueuedMessage>> Take(string queue, int count, TimeSpan hideFor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32);
        var taken = new List<QueuedMessage>();
        while (taken.Count < count && TakeNext(queue, hideFor) is { } next)
        {
            taken.Add(new QueuedMessage(next.Receipt, next.Body));
        }

        return Task.FromResult<IReadOnlyList<QueuedMessage>>(taken);
    }

    /// <summary>
    /// What a consumer does: takes the message that has been visible longest, but for <paramref name="skip"/> others, and hides it for
    /// <paramref name="visibility"/>; null when there is none.
    /// </summary>
    public WorkQueueMessage? TakeNext(string queue, TimeSpan visibility, int skip = 0)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var entry = Queue(queue).Where(candidate => candidate.VisibleAt <= now).OrderBy(candidate => candidate.VisibleAt).Skip(skip).FirstOrDefault();
            if (entry is null)
            {
                return null;
            }

            entry.VisibleAt = now + visibility;
            entry.PopReceipt = NextReceipt();
            entry.DequeueCount++;
            return entry.Snapshot();
        }
    }

    /// <summary>Every message, visible or not, in the order they become visible.</summary>
    public IReadOnlyList<WorkQueueMessage> Messages(string queue)
    {
        lock (_gate)
        {
            return [.. Queue(queue).OrderBy(entry => entry.VisibleAt).Select(entry => entry.Snapshot())];
        }
    }

    private Task<QueueReceipt> Add(string queue, string body, TimeSpan delay, TimeSpan life, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, TimeSpan.FromDays(7));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(body), 48 * 1024, nameof(body));
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var entry = new Entry(Guid.NewGuid().ToString(), body, life == TimeSpan.MaxValue ? DateTimeOffset.MaxValue : now + life) { VisibleAt = now + delay, PopReceipt = NextReceipt() };
            Queue(queue).Add(entry);
            return Task.FromResult(entry.Receipt);
        }
    }

    private List<Entry> Queue(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
        {
            _queues[name] = queue = [];
        }

        queue.RemoveAll(entry => entry.EndsAt <= time.GetUtcNow());
        return queue;
    }

    private Entry? Find(string queue, QueueReceipt receipt) => Queue(queue).Find(entry => entry.Receipt == receipt);

    private string NextReceipt() => (++_receipts).ToString();

    private sealed class Entry(string id, string body, DateTimeOffset endsAt)
    {
        public DateTimeOffset EndsAt => endsAt;

        public required DateTimeOffset VisibleAt { get; set; }

        public required string PopReceipt { get; set; }

        public int DequeueCount { get; set; }

        public QueueReceipt Receipt => new(id, PopReceipt);

        public WorkQueueMessage Snapshot() => new(Receipt, body, VisibleAt, DequeueCount);
    }
}

/// <summary>A message as it stood when it was looked at.</summary>
/// <param name="Receipt">Names it in its present visibility.</param>
/// <param name="Body">The text that was put.</param>
/// <param name="VisibleAt">When it is, or was, next visible.</param>
/// <param name="DequeueCount">How often it was taken.</param>
public sealed record WorkQueueMessage(QueueReceipt Receipt, string Body, DateTimeOffset VisibleAt, int DequeueCount);
