using System.Globalization;

namespace Vorel.Fakes.HubSpot;

/// <summary>
/// The limits of a public app in one account. They are off until a test asks for them: a clock that stands still would otherwise let
/// five searches through and no more.
/// </summary>
public sealed class HubSpotLimits
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly Queue<DateTimeOffset> _calls = new();
    private readonly Queue<DateTimeOffset> _searches = new();

    internal HubSpotLimits(TimeProvider time) => _time = time;

    /// <summary>Whether they are kept.</summary>
    public bool AreOn { get; set; }

    /// <summary>Calls in any ten seconds, searches not counted.</summary>
    public int PerTenSeconds { get; set; } = 110;

    /// <summary>Searches in any second.</summary>
    public int SearchesPerSecond { get; set; } = 5;

    /// <summary>Takes a call, or refuses it; gives the headers of the answer.</summary>
    internal Dictionary<string, string> Take(bool isSearch)
    {
        var now = _time.GetUtcNow();
        var (taken, most, span) = isSearch ? (_searches, SearchesPerSecond, TimeSpan.FromSeconds(1)) : (_calls, PerTenSeconds, s_interval);
        while (taken.TryPeek(out var first) && first <= now - span)
        {
            taken.Dequeue();
        }

        if (AreOn && taken.Count >= most)
        {
            throw HubSpotErrors.Limited(isSearch ? "SECONDLY" : "TEN_SECONDLY_ROLLING");
        }

        taken.Enqueue(now);
        return isSearch ? new(StringComparer.Ordinal) : Headers(most, Math.Max(0, most - taken.Count));
    }

    // A search's answer has none, and an OAuth app's have not the pair of the day.
    private static Dictionary<string, string> Headers(int most, int left) => new(StringComparer.Ordinal)
    {
        ["X-HubSpot-RateLimit-Max"] = most.ToString(CultureInfo.InvariantCulture),
        ["X-HubSpot-RateLimit-Remaining"] = left.ToString(CultureInfo.InvariantCulture),
        ["X-HubSpot-RateLimit-Interval-Milliseconds"] = s_interval.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
    };
}
