namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// Spaces calls so that no span of a provider's rate has more of them than the provider takes: nine tenths of the rate evenly, and one tenth that
/// may come at once. What a provider refuses all the same makes the calls rarer, what it takes makes them more frequent again, up to its rate: so several processes that
/// know nothing of each other come to share one limit, and a limit that nobody published is found. Knows no clock: moments count from any fixed point.
/// </summary>
internal sealed class CrmBucket
{
    private const double Evenly = 0.9;
    private const int AtOnceOneIn = 10;
    private const double LeastShare = 1 / 64d;
    private const double ShareKept = 0.7;
    private const double ShareGained = 1 / 500d;

    // Until the first call says what the driver's is.
    private CrmRate _rate = new(10, TimeSpan.FromSeconds(1));
    private double _share = 1;

    /// <summary>How far calls are apart.</summary>
    public TimeSpan Interval => _rate.Per / (_rate.Calls * Evenly * _share);

    /// <summary>When all calls that may come at once may do so again.</summary>
    public TimeSpan FullAt { get; private set; }

    private TimeSpan Spread => Interval * (Math.Max(1, (int)(_rate.Calls * _share) / AtOnceOneIn) - 1);

    /// <summary>Learns the driver's rate.</summary>
    public void Learn(CrmRate rate) => _rate = rate;

    /// <summary>When the next call may leave.</summary>
    public TimeSpan Earliest(TimeSpan now) => FullAt - Spread > now ? FullAt - Spread : now;

    /// <summary>Books that moment for a call.</summary>
    public TimeSpan Book(TimeSpan now)
    {
        var leaves = Earliest(now);
        FullAt = (FullAt > leaves ? FullAt : leaves) + Interval;
        return leaves;
    }

    /// <summary>The provider refused a call: it was one too many.</summary>
    public void Slow() => _share = Math.Max(LeastShare, _share * ShareKept);

    /// <summary>The provider took a call.</summary>
    public void Quicken() => _share = Math.Min(1, _share + ShareGained);
}
