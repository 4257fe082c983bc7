using System.Globalization;

namespace Vorel.Core.Webhooks;

/// <summary>
/// The attempts of a delivery as data: console, docs and tests read the same list. No jitter; <c>Retry-After</c> is not
/// honoured, because the ladder is part of the published contract (webhook guide).
/// </summary>
public sealed class RetryLadder
{
    private const int Gone = 410;

    private RetryLadder(params TimeSpan[] delays) => Delays = delays;

    /// <summary>The six attempts of the webhook guide: at once, then after 60 s, 5 min, 30 min, 2 h, 12 h.</summary>
    public static RetryLadder Webhooks { get; } = new(
        TimeSpan.Zero,
        TimeSpan.FromSeconds(60),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(12));

    /// <summary>The wait before each attempt, counted from the end of the one before.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; }

    /// <summary>How many attempts there are.</summary>
    public int Attempts => Delays.Count;

    /// <summary>From the first attempt to the last, if each fails at once.</summary>
    public TimeSpan Horizon => new(Delays.Sum(delay => delay.Ticks));

    /// <summary>What follows attempt number <paramref name="attempt"/> (from 1) after its outcome.</summary>
    public LadderStep After(int attempt, AttemptOutcome outcome)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        return outcome.Error switch
        {
            null => new LadderStep.Delivered(),
            AttemptError.Client => new LadderStep.PermanentFail(DisablesSubscription: outcome.Status == Gone),
            _ when attempt < Attempts => new LadderStep.Retry(attempt + 1, Delays[attempt]),
            _ => new LadderStep.DeadLetter(),
        };
    }

    /// <summary>The ladder in words, as the docs and the console print it.</summary>
    public override string ToString() =>
        $"{Attempts} attempts: at once, then after {string.Join(", ", Delays.Skip(1).Select(Describe))}; over {Describe(Horizon)} in all";

    private static string Describe(TimeSpan span)
    {
        if (span < TimeSpan.FromMinutes(2))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s");
        }

        var minutes = span.Minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min") : "";
        return span.TotalHours < 1 ? minutes : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {minutes}").TrimEnd();
    }
}
