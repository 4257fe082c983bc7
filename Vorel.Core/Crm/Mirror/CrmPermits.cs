using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// How fast the records of a tenant are written to its CRM: so many at once, so that one slow CRM does not hold up other tenants, no faster than the
/// provider takes them, and not at all while it asks for a pause. All of it counts for this process alone, and lasts as long as it is
/// used; several processes that write for one tenant find their share of the limit by what the CRM refuses (<see cref="CrmBucket"/>).
/// </summary>
/// <param name="clocks">Providers measure by the real one.</param>
/// <param name="random">Spreads what would otherwise come back at once; another seed in tests.</param>
public sealed class CrmPermits(Clocks clocks, Random? random = null)
{
    private const int MostTenants = 10_000;
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Random _random = random ?? Random.Shared;
    private readonly Dictionary<TenantId, CrmPace> _paces = [];
    private TimeSpan _sweptAt;

    /// <summary>How many tenants are remembered.</summary>
    internal int Tenants => _paces.Count;

    private TimeSpan Now => clocks.Real.GetElapsedTime(0);

    /// <summary>A permit, or a refusal that says how long to wait. It is given back when disposed.</summary>
    internal CrmPermit Take(TenantId tenant)
    {
        lock (_gate)
        {
            var now = Now;
            if (!_paces.TryGetValue(tenant, out var pace))
            {
                Forget(now);
                _paces[tenant] = pace = new CrmPace(_random);
            }

            return pace.TryEnter(now) ? new CrmPermit(this, pace, null) : new CrmPermit(this, pace, pace.Queue(now));
        }
    }

    /// <summary>From 0 to 1.</summary>
    internal double Jitter()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }

    /// <summary>Does something with a pace, alone, and tells it the moment.</summary>
    internal T With<T>(Func<TimeSpan, T> act)
    {
        lock (_gate)
        {
            return act(Now);
        }
    }

    /// <inheritdoc cref="With{T}"/>
    internal void With(Action<TimeSpan> act)
    {
        lock (_gate)
        {
            act(Now);
        }
    }

    /// <summary>Waits on the real clock.</summary>
    internal Task Wait(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, clocks.Real, cancellationToken);

    private void Forget(TimeSpan now)
    {
        // One that is forgotten too early costs a call or two too many, so a flood of tenants may have it.
        var full = _paces.Count >= MostTenants;
        if (full || now - _sweptAt > s_kept)
        {
            _sweptAt = now;
            foreach (var (tenant, pace) in _paces)
            {
                if (pace.IsEmpty && (full || now - pace.LastUsed > s_kept))
                {
                    _paces.Remove(tenant);
                }
            }
        }
    }
}
