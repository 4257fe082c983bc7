using System.Diagnostics;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>Lets ticks come after what they must find, however slow the machine is.</summary>
internal static class Ticking
{
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <summary>Moves the domain clock again every few seconds until a condition holds.</summary>
    public static Task TickUntil(this TestStack stack, Func<bool> condition, string what) => stack.TickUntil(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="TickUntil(TestStack, Func{bool}, string)"/>
    public static Task TickUntil(this TestStack stack, Func<Task<bool>> condition, string what)
    {
        long? moved = null;
        return Eventually.True(
            async () =>
            {
                if (await condition())
                {
                    return true;
                }

                if (moved is not { } since || Stopwatch.GetElapsedTime(since) > s_pace)
                {
                    await stack.Advance(s_step);
                    moved = Stopwatch.GetTimestamp();
                }

                return await condition();
            },
            what,
            s_limit);
    }
}
