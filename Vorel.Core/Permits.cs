using System.Collections.Concurrent;

namespace Vorel.Core;

/// <summary>
/// How much a process does at once for each holder, so that one that is slow does not take all there is. A permit is had
/// at once or not at all: who has none waits by a durable timer, not in memory.
/// </summary>
internal sealed class Permits<THolder>(int each)
    where THolder : notnull
{
    private readonly ConcurrentDictionary<THolder, int> _taken = new();

    /// <summary>A permit, given back when disposed; null when all are taken.</summary>
    public IDisposable? TryTake(THolder holder)
    {
        var granted = false;
        _taken.AddOrUpdate(
            holder,
            _ =>
            {
                granted = true;
                return 1;
            },
            (_, taken) =>
            {
                granted = taken < each;
                return granted ? taken + 1 : taken;
            });
        return granted ? new Permit(this, holder) : null;
    }

    private void GiveBack(THolder holder)
    {
        while (_taken.TryGetValue(holder, out var taken))
        {
            if (taken > 1 ? _taken.TryUpdate(holder, taken - 1, taken) : _taken.TryRemove(KeyValuePair.Create(holder, taken)))
            {
                return;
            }
        }
    }

    private sealed class Permit(Permits<THolder> permits, THolder holder) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                permits.GiveBack(holder);
            }
        }
    }
}
