using Vorel.Core.Crm;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>Makes a CRM take so many calls in any second, and no more, and keeps the count.</summary>
internal sealed class LimitedCrm
{
    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(40);

    private readonly TimeProvider _real;
    private readonly int _limit;
    private readonly Queue<DateTimeOffset> _window = new();

    public LimitedCrm(World world, ScriptedCrm crm, int limit)
    {
        (_real, _limit) = (world.Real, limit);
        crm.Refuses = Refuse;
        crm.AfterWrite = () => Task.Delay(s_latency, world.Real);
    }

    /// <summary>While true it answers 503 to all.</summary>
    public bool IsAway { get; set; }

    /// <summary>When it took a call.</summary>
    public List<DateTimeOffset> Taken { get; } = [];

    /// <summary>How many calls were one too many.</summary>
    public int Refused { get; private set; }

    private CrmException? Refuse()
    {
        if (IsAway)
        {
            return new CrmException(CrmErrorCode.ProviderUnavailable, "away", retryable: true);
        }

        var now = _real.GetUtcNow();
        while (_window.TryPeek(out var first) && first <= now - TimeSpan.FromSeconds(1))
        {
            _window.Dequeue();
        }

        if (_window.Count >= _limit)
        {
            Refused++;
            return new CrmException(CrmErrorCode.RateLimited, "one too many", retryable: true, TimeSpan.FromSeconds(1));
        }

        _window.Enqueue(now);
        Taken.Add(now);
        return null;
    }
}
