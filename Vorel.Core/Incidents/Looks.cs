namespace Vorel.Core.Incidents;

/// <summary>When an open incident is looked at again.</summary>
internal static class Looks
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(5);

    /// <summary>The next five minutes of the clock: whatever moments hints were filed for, their looks soon fall together.</summary>
    public static DateTimeOffset Next(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % s_pause.Ticks) + s_pause.Ticks, TimeSpan.Zero);
}
