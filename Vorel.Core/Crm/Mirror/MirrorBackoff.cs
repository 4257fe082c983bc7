namespace Vorel.Core.Crm.Mirror;

/// <summary>The waits between failed writes to a CRM, as data.</summary>
public static class MirrorBackoff
{
    /// <summary>The wait after the first failure, the second, and so on; the last one repeats.</summary>
    public static IReadOnlyList<TimeSpan> Delays { get; } =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(15),
        TimeSpan.FromSeconds(60),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1),
    ];

    private static readonly TimeSpan s_longestAsked = TimeSpan.FromHours(24);

    /// <summary>The wait after failure number <paramref name="failures"/> (from 1): at least as long as the provider asked for, up to a day.</summary>
    public static TimeSpan After(int failures, TimeSpan? asked)
    {
        var ours = Delays[Math.Min(failures, Delays.Count) - 1];
        var theirs = asked is { } wait && wait < s_longestAsked ? wait : asked is null ? TimeSpan.Zero : s_longestAsked;
        return theirs > ours ? theirs : ours;
    }
}
