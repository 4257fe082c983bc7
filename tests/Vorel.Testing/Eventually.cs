using System.Diagnostics;

namespace Vorel.Testing;

/// <summary>Awaits a condition with a deadline: what tests do where others would sleep.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns as soon as <paramref name="condition"/> holds; throws a <see cref="TimeoutException"/> that says <paramref name="what"/> did not happen within <paramref name="deadline"/> (10 s if not given).</summary>
    public static Task True(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        True(() => Task.FromResult(condition()), what, deadline);

    /// <inheritdoc cref="True(Func{bool},string,TimeSpan?)"/>
    public static async Task True(Func<Task<bool>> condition, string what, TimeSpan? deadline = null) =>
        await NotNull(async () => await condition() ? string.Empty : null, what, deadline);

    /// <summary>Returns the first value of <paramref name="probe"/> that is not null. An exception of the probe ends the wait: a probe that may fail says so by null.</summary>
    public static async Task<T> NotNull<T>(Func<Task<T?>> probe, string what, TimeSpan? deadline = null)
        where T : class
    {
        var limit = deadline ?? TimeSpan.FromSeconds(10);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await probe() is { } value)
            {
                return value;
            }

            if (Stopwatch.GetElapsedTime(started) >= limit)
            {
                throw new TimeoutException($"Did not happen within {limit.TotalSeconds:0.###} s: {what}");
            }

            await Task.Delay(s_interval);
        }
    }

    /// <summary>Awaits <paramref name="task"/>, at most <paramref name="deadline"/> (10 s if not given).</summary>
    public static async Task<T> Within<T>(Task<T> task, string what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? TimeSpan.FromSeconds(10);
        try
        {
            return await task.WaitAsync(limit);
        }
        catch (TimeoutException exception) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Did not happen within {limit.TotalSeconds:0.###} s: {what}", exception);
        }
    }
}
