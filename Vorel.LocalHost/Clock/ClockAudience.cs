using Vorel.LocalHost.Handler;

namespace Vorel.LocalHost.Clock;

/// <summary>
/// Who follows the domain clock. A handler enters with its first request for the clock and leaves with its process; a
/// request that carries a generation says that this one has taken effect there.
/// </summary>
internal sealed class ClockAudience : IHandlerObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _acknowledged = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alive = new(StringComparer.Ordinal);
    private DomainClock.Reading _published = new(TimeSpan.Zero, 0);
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>What handlers are told: ahead of the host's own clock while a jump is under way.</summary>
    public DomainClock.Reading Published
    {
        get
        {
            lock (_gate)
            {
                return _published;
            }
        }
    }

    public void Publish(DomainClock.Reading reading) => Change(() => _published = reading);

    /// <summary>A request for the clock; <paramref name="generation"/> is the one the handler lives by, null at its first.</summary>
    public void Heard(string handler, long? generation) => Change(() =>
    {
        if (_alive.Contains(handler))
        {
            _acknowledged[handler] = Math.Max(generation ?? -1, _acknowledged.GetValueOrDefault(handler, -1));
        }
    });

    public void Starting(HandlerEndpoint handler) => Change(() => _alive.Add(handler.WorkerId));

    public void Ready(HandlerEndpoint handler)
    {
        // A handler reads the clock before it is ready: there is nothing left to do here.
    }

    public void Ended(HandlerEndpoint handler) => Change(() =>
    {
        _acknowledged.Remove(handler.WorkerId);
        _alive.Remove(handler.WorkerId);
    });

    /// <summary>Completes when what is published is newer than <paramref name="seen"/>.</summary>
    public Task NewerThan(long seen, CancellationToken cancellationToken) => Until(() => _published.Generation > seen, cancellationToken);

    /// <summary>Completes when every handler has acknowledged <paramref name="generation"/>.</summary>
    public Task Acknowledged(long generation, CancellationToken cancellationToken) =>
        Until(() => _acknowledged.Values.All(seen => seen >= generation), cancellationToken);

    private async Task Until(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task signal;
            lock (_gate)
            {
                if (holds())
                {
                    return;
                }

                signal = _changed.Task;
            }

            await signal.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
