using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>The waits of orchestrations that are not an activity's to decide.</summary>
internal static class Waits
{
    private static readonly TimeSpan s_longestBusy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestBroken = TimeSpan.FromMinutes(1);

    /// <summary>After the nth answer in a row that others are at it: the wait asked for, doubled each time, up to 30 s.</summary>
    public static TimeSpan Busy(TimeSpan asked, int times) => Doubled(asked, times, s_longestBusy);

    /// <summary>After the nth call in all that did not come back (host restarted, connection lost): 5 s, doubled each time, up to a minute.</summary>
    public static TimeSpan Broken(int times) => Doubled(TimeSpan.FromSeconds(5), times, s_longestBroken);

    /// <summary>Calls an activity. Null when the call failed: what it did is unknown, and to call again is safe.</summary>
    public static async Task<NextStep?> TryCall(this TaskOrchestrationContext context, string activity, object input)
    {
        try
        {
            return await context.CallActivityAsync<NextStep>(activity, input);
        }
        catch (TaskFailedException)
        {
            return null;
        }
    }

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan longest) =>
        TimeSpan.FromTicks(Math.Min(first.Ticks << Math.Min(times - 1, 10), longest.Ticks));
}
