namespace Vorel.LocalHost.Clock;

/// <summary>
/// The clock that the domain lives by: real time plus an offset which only grows. Every jump has a generation, so that a
/// handler can say which one it has seen.
/// </summary>
/// <param name="real">The machine's clock.</param>
/// <param name="offset">The offset to start with, from an earlier run.</param>
/// <param name="generation">The generation that belongs to that offset.</param>
internal sealed class DomainClock(TimeProvider real, TimeSpan offset = default, long generation = 0) : TimeProvider
{
    private readonly Lock _gate = new();
    private Reading _reading = new(offset, generation);
    private TaskCompletionSource _jumped = NewSignal();

    /// <summary>How often the clock has jumped, earlier runs included.</summary>
    public long Generation => Now.Generation;

    public TimeSpan Offset => Now.Offset;

    /// <summary>Offset and generation that belong together.</summary>
    public Reading Now
    {
        get
        {
            lock (_gate)
            {
                return _reading;
            }
        }
    }

    /// <summary>The real clock under it, for I/O budgets and leases.</summary>
    public TimeProvider Real => real;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + Offset;

    /// <summary>Jumps forward and wakes everyone who waits for a time or a jump.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A jump is not forward.</exception>
    public Reading Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_gate)
        {
            return Set(new Reading(_reading.Offset + by, _reading.Generation + 1));
        }
    }

    /// <summary>Takes over what an earlier run left, if that is further on.</summary>
    public void Restore(Reading earlier)
    {
        lock (_gate)
        {
            if (earlier.Generation > _reading.Generation)
            {
                Set(earlier);
            }
        }
    }

    /// <summary>Completes at the next jump after generation <paramref name="seen"/>; at once if that one has happened.</summary>
    public Task Jumped(long seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _reading.Generation > seen ? Task.CompletedTask : _jumped.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the domain's time is <paramref name="due"/>, whether time passes or jumps.</summary>
    public async Task WaitUntil(DateTimeOffset due, CancellationToken cancellationToken)
    {
        while (true)
        {
            var seen = Now;
            var left = due - real.GetUtcNow() - seen.Offset;
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var jump = Jumped(seen.Generation, either.Token);
            var delay = Task.Delay(left < LongestDelay ? left : LongestDelay, real, either.Token);
            await Task.WhenAny(jump, delay);
            await either.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A timer that follows real time; what must follow the domain uses <see cref="WaitUntil"/>.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(callback, state, dueTime, period);

    public override long GetTimestamp() => real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;

    private static TimeSpan LongestDelay => TimeSpan.FromDays(20);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Reading Set(Reading next)
    {
        _reading = next;
        var signal = _jumped;
        _jumped = NewSignal();
        signal.SetResult();
        return next;
    }

    /// <summary>An offset and the generation that brought it.</summary>
    internal sealed record Reading(TimeSpan Offset, long Generation);
}
