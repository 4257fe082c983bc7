using Vorel.Core.Crm;
using Vorel.Core.Tests.Support;
using Vorel.Fakes;

namespace Vorel.Core.Tests.Crm.Mirror;

/// <summary>Makes a CRM take so many calls in any second, and no more, and keeps the count.</summary>
internal sealed class LimitedCrm
{
    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(40);

    private readonly CallLimit _limit;

    public LimitedCrm(World world, ScriptedCrm crm, int limit)
    {
        _limit = new CallLimit(limit, world.Real);
        crm.Refuses = Refuse;
        crm.AfterWrite = () => Task.Delay(s_latency, world.Real);
    }

    /// <summary>While true it answers 503 to all.</summary>
    public bool IsAway { get; set; }

    /// <summary>When it took a call.</summary>
    public IReadOnlyList<DateTimeOffset> Taken => _limit.Taken;

    /// <summary>How many calls were one too many.</summary>
    public int Refused => _limit.Refused.Count;

    private CrmException? Refuse() =>
        IsAway ? new CrmException(CrmErrorCode.ProviderUnavailable, "away", retryable: true)
        : _limit.TryTake() ? null
        : new CrmException(CrmErrorCode.RateLimited, "one too many", retryable: true, TimeSpan.FromSeconds(1));
}
