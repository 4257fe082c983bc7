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
    private static readonly TimeSpan s_unasked = TimeSpan.FromSeconds(5);

    /// <summary>The wait after failure number <paramref name="failures"/> (from 1): at least as long as the provider asked for, up to a day.</summary>
    public static TimeSpan After(int failures, TimeSpan? asked)
    {
        var ours = Delays[Math.Min(failures, Delays.Count) - 1];
        return AtLeast(ours, asked);
    }

    /// <summary>The wait after a call too many, which is no failure of the record: what was asked for up to a day, seconds if nothing was, and up to a fifth more.</summary>
    /// <param name="asked">The wait that the provider asked for.</param>
    /// <param name="jitter">From 0 to 1: where in that fifth, so that those who were refused together do not come back together.</param>
    public static TimeSpan AfterLimit(TimeSpan? asked, double jitter) =>
        AtLeast(asked is null ? s_unasked : Delays[0], asked) * (1 + (jitter / 5));

    private static TimeSpan AtLeast(TimeSpan ours, TimeSpan? asked)
    {
        var theirs = asked is { } wait && wait < s_longestAsked ? wait : asked is null ? TimeSpan.Zero : s_longestAsked;
        return theirs > ours ? theirs : ours;
    }
}
