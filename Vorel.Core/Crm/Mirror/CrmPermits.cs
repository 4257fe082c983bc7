using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// How fast the records of a tenant are written to its CRM and to its archive, to each at a pace of its own: so many at once, so that one slow system
/// does not hold up others, no faster than the provider takes them, and not at all while it asks for a pause. All of it counts for this process
/// alone, and lasts as long as it is used; several processes that write for one tenant find their share of the limit by what the
/// system refuses (<see cref="CrmBucket"/>).
/// </summary>
/// <remarks>
/// Where a record goes is known only after much is read. So what is kept is the pace of the system that a tenant's records of each object type
/// went to last: by that most are refused before anything is read, and one that goes elsewhere now leads the others there (<see cref="GoTo"/>).
/// </remarks>
/// <param name="clocks">Providers measure by the real one.</param>
/// <param name="random">Spreads what would otherwise come back at once; another seed in tests.</param>
public sealed class CrmPermits(Clocks clocks, Random? random = null)
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Random _random = random ?? Random.Shared;
    private readonly Dictionary<(TenantId Tenant, CrmObject Object), CrmPace> _last = [];
    private TimeSpan _sweptAt;

    /// <summary>Of how many object types, each of one tenant, it is remembered where they go.</summary>
    internal int Kept => _last.Count;

    private TimeSpan Now => clocks.Real.GetElapsedTime(0);

    /// <summary>
    /// A permit, or a refusal that says how long to wait, by where the tenant's records of an object type went last. It is given back when disposed.
    /// </summary>
    internal CrmPermit Take(TenantId tenant, CrmObject crmObject)
    {
        lock (_gate)
        {
            return _last.TryGetValue((tenant, crmObject), out var pace)
                ? new CrmPermit(this, (tenant, crmObject), pace, pace.EnterOrQueue(Now))
                : new CrmPermit(this, (tenant, crmObject), null, null);
        }
    }

    /// <summary>The pace of a system, entered if it may be now; from here on others of the object type are held to it.</summary>
    internal (CrmPace Pace, TimeSpan? Refused) GoTo((TenantId Tenant, CrmObject Object) kind, string system)
    {
        lock (_gate)
        {
            var now = Now;
            if (!_last.ContainsKey(kind))
            {
                Forget(now);
            }

            var pace = Enum.GetValues<CrmObject>().Select(other => _last.GetValueOrDefault((kind.Tenant, other))).FirstOrDefault(other => other?.System == system)
                ?? new CrmPace(system, _random);
            _last[kind] = pace;
            return (pace, pace.EnterOrQueue(now));
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
        // One that is forgotten too early costs a call or two too many, so a flood of tenants may have that.
        var full = _last.Count >= MostKept;
        if (full || now - _sweptAt > s_kept)
        {
            _sweptAt = now;
            foreach (var (kind, pace) in _last)
            {
                if (pace.IsEmpty && (full || now - pace.LastUsed > s_kept))
                {
                    _last.Remove(kind);
                }
            }
        }
    }
}
