namespace Vorel.Durable;

/// <summary>
/// When a failed activity or sub-orchestration is called again. Waits are durable timers in orchestration time, without jitter, so that every replay
/// computes the same ones.
/// </summary>
public sealed class RetryPolicy
{
    private static readonly TimeSpan s_defaultMaxInterval = TimeSpan.FromHours(1);

    /// <summary>Makes a policy.</summary>
    /// <param name="maxNumberOfAttempts">Attempts in all, the first included; at least 1.</param>
    /// <param name="firstRetryInterval">The wait after the first failure.</param>
    /// <param name="backoffCoefficient">What each further wait is multiplied by; at least 1.</param>
    /// <param name="maxRetryInterval">No wait is longer than this; one hour unless given.</param>
    /// <param name="retryTimeout">
    /// No attempt starts once this much time has gone by since the first began, not counting what interrupted sub-orchestrations took;
    /// unlimited unless given.
    /// </param>
    /// <param name="handleFailure">Says whether a failure is worth another attempt; must be a pure function. Null: all are.</param>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null,
        Func<TaskFailureDetails, bool>? handleFailure = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRetryInterval, TimeSpan.Zero);
        if (double.IsNaN(backoffCoefficient) || backoffCoefficient < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(backoffCoefficient), "A backoff coefficient is at least 1.");
        }

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? s_defaultMaxInterval;
        RetryTimeout = retryTimeout;
        HandleFailure = handleFailure;
    }

    /// <summary>Attempts in all.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>The wait after the first failure.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>What each further wait is multiplied by.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>The longest wait.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>How long after the first attempt began the last may begin, interruptions not counted; null: unlimited.</summary>
    public TimeSpan? RetryTimeout { get; }

    /// <summary>Says whether a failure is worth another attempt.</summary>
    public Func<TaskFailureDetails, bool>? HandleFailure { get; }

    /// <summary>The wait before the next attempt, or null when there is none.</summary>
    /// <param name="attemptsMade">Attempts that have failed so far; at least 1.</param>
    /// <param name="sinceFirst">Orchestration time since the first attempt began, without what does not count.</param>
    /// <param name="failure">How the last one failed.</param>
    public TimeSpan? NextDelay(int attemptsMade, TimeSpan sinceFirst, TaskFailureDetails failure)
    {
        if (attemptsMade >= MaxNumberOfAttempts || failure.IsNonRetriable
            || (RetryTimeout is { } limit && sinceFirst >= limit)
            || (HandleFailure is { } worthIt && !worthIt(failure)))
        {
            return null;
        }

        var ticks = FirstRetryInterval.Ticks * Math.Pow(BackoffCoefficient, attemptsMade - 1);
        return ticks >= MaxRetryInterval.Ticks ? MaxRetryInterval : TimeSpan.FromTicks((long)ticks);
    }
}
