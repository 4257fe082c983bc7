using Vorel.LocalHost.Clock;

namespace Vorel.LocalHost.Durable.Dispatch;

/// <summary>A timer of an execution that waits for its time; the id is its action's, or <see cref="Start"/>.</summary>
internal readonly record struct DueTimer(DateTimeOffset FireAt, string InstanceId, string ExecutionId, int Id)
{
    /// <summary>Stands for the first turn of an instance that was started for a later time: actions count from 0.</summary>
    public const int Start = -1;

    public static IComparer<DueTimer> Order { get; } = Comparer<DueTimer>.Create((left, right) =>
    {
        var order = left.FireAt.CompareTo(right.FireAt);
        order = order != 0 ? order : string.CompareOrdinal(left.InstanceId, right.InstanceId);
        order = order != 0 ? order : string.CompareOrdinal(left.ExecutionId, right.ExecutionId);
        return order != 0 ? order : left.Id.CompareTo(right.Id);
    });
}

/// <summary>Hands timers on when the domain's clock reaches them, whether its time passes or jumps.</summary>
internal sealed class TimerQueue(DomainClock clock, WorkQueue<DueTimer> due)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<DueTimer> _waiting = new(DueTimer.Order);
    private TaskCompletionSource _earlier = NewSignal();

    public void Add(DueTimer timer)
    {
        lock (_gate)
        {
            _waiting.Add(timer);
            if (_waiting.Min == timer)
            {
                Signal();
            }
        }
    }

    public void Remove(DueTimer timer)
    {
        lock (_gate)
        {
            var first = _waiting.Count > 0 && _waiting.Min == timer;
            if (_waiting.Remove(timer) && first)
            {
                Signal();
            }
        }
    }

    /// <summary>Hands on all that is due now and tells when the next one will be, or null where none waits.</summary>
    public DateTimeOffset? Release() => Release(out _);

    public async Task Run(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var next = Release(out var earlier);
                if (next is not { } time)
                {
                    await earlier.WaitAsync(cancellationToken);
                    continue;
                }

                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var reached = clock.WaitUntil(time, either.Token);
                await Task.WhenAny(reached, earlier);
                await either.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: the rows keep the timers.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DateTimeOffset? Release(out Task earlier)
    {
        lock (_gate)
        {
            earlier = _earlier.Task;
            var now = clock.GetUtcNow();
            while (_waiting.Count > 0 && _waiting.Min.FireAt <= now)
            {
                var timer = _waiting.Min;
                _waiting.Remove(timer);
                due.Add(timer);
            }

            return _waiting.Count > 0 ? _waiting.Min.FireAt : null;
        }
    }

    private void Signal()
    {
        var signal = _earlier;
        _earlier = NewSignal();
        signal.SetResult();
    }
}
