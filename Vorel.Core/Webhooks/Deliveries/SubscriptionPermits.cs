using System.Collections.Concurrent;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>
/// How many attempts a process makes at once to one subscription, so that one slow receiver does not take all there are.
/// A permit is had at once or not at all: who has none waits by a durable timer, not in memory.
/// </summary>
public sealed class SubscriptionPermits(int perSubscription = 8)
{
    private readonly ConcurrentDictionary<Guid, int> _taken = new();

    /// <summary>A permit, given back when disposed; null when all are taken.</summary>
    internal IDisposable? TryTake(Guid subscription)
    {
        var granted = false;
        _taken.AddOrUpdate(
            subscription,
            _ =>
            {
                granted = true;
                return 1;
            },
            (_, taken) =>
            {
                granted = taken < perSubscription;
                return granted ? taken + 1 : taken;
            });
        return granted ? new Permit(this, subscription) : null;
    }

    private void GiveBack(Guid subscription)
    {
        while (_taken.TryGetValue(subscription, out var taken))
        {
            if (taken > 1 ? _taken.TryUpdate(subscription, taken - 1, taken) : _taken.TryRemove(KeyValuePair.Create(subscription, taken)))
            {
                return;
            }
        }
    }

    private sealed class Permit(SubscriptionPermits permits, Guid subscription) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                permits.GiveBack(subscription);
            }
        }
    }
}
