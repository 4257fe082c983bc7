using System.Diagnostics;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>Brings a stack to rest: nothing announced, nothing owed, nothing on its way.</summary>
internal static class Settling
{
    // Behind a timer: so that those which are set close to it are over as well.
    private static readonly (TimeSpan By, TimeSpan Pace) s_step = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));

    // Without one: more than the tick leaves to what is due, so that it looks again each time.
    private static readonly (TimeSpan By, TimeSpan Pace) s_leap = (TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(3));

    /// <summary>
    /// Jumps from timer to timer, for the retries of orchestrations are long, until no intent, debt or delivery is left. Where time alone
    /// does not help, because an orchestration ended with its work undone, the tick brings it back: so a few minutes pass as well,
    /// every few seconds.
    /// </summary>
    /// <exception cref="TimeoutException">Something is left at the end of <paramref name="limit"/>; it says what.</exception>
    public static async Task Settle(this TestStack stack, TimeSpan limit)
    {
        IReadOnlyList<string> left = [];
        var moved = Stopwatch.GetTimestamp();
        try
        {
            await Eventually.True(
                async () =>
                {
                    left = Unsettled(await stack.Dump());
                    if (left.Count == 0)
                    {
                        return true;
                    }

                    var (by, pace) = await stack.TryAdvanceToNext() ? s_step : s_leap;
                    if (Stopwatch.GetElapsedTime(moved) > pace)
                    {
                        await stack.Advance(by);
                        moved = Stopwatch.GetTimestamp();
                    }

                    return false;
                },
                "everything is done",
                limit);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}: {string.Join('\n', left)}", exception);
        }
    }

    private static IReadOnlyList<string> Unsettled(IReadOnlyList<string> dump)
    {
        const string Tombstone = " state = tombstone";
        var tombstones = dump.Where(line => line.EndsWith(Tombstone, StringComparison.Ordinal)).Select(line => line[..^Tombstone.Length]).ToHashSet(StringComparer.Ordinal);
        return [.. dump.Where(line => line.Split(' ') switch
        {
            ["queue", "live" or "live-poison" or "commands" or "commands-poison", "holds", not "0"] => true,
            ["Records", var tenant, var row, ..] when row.StartsWith("todo|", StringComparison.Ordinal) => true,
            ["Records", var tenant, var row, ..] when row.StartsWith("outbox|", StringComparison.Ordinal) => !tombstones.Contains($"Records {tenant} {row}"),
            [.., "state", "=", "pending" or "attempting"] => true,
            _ => false,
        })];
    }
}
