using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>One write's permit to go to a system of a tenant, or the refusal of one. Given back when disposed.</summary>
internal sealed class CrmPermit(CrmPermits permits, (TenantId Tenant, CrmObject Object) kind, CrmPace? entered, TimeSpan? refused) : IDisposable
{
    /// <summary>Null when nobody was let in anywhere.</summary>
    private CrmPace? _pace = refused is null ? entered : null;
    private TimeSpan? _calledAt;
    private bool _booked;
    private bool _answered = true;

    /// <summary>How long to wait, if it is a refusal.</summary>
    public TimeSpan? Refused { get; private set; } = refused;

    private CrmPace Pace => _pace ?? throw new InvalidOperationException("It is not known where the write goes.");

    /// <summary>Says where the write goes. Not null when it goes elsewhere than those before it and may not now: how long to wait.</summary>
    public TimeSpan? GoTo(string system)
    {
        if (_pace?.System == system)
        {
            return null;
        }

        Dispose();
        (var pace, Refused) = permits.GoTo(kind, system);
        _pace = Refused is null ? pace : null;
        return Refused;
    }

    /// <summary>
    /// Waits for the moment to call, a second at most. Not null when that does not come so soon: how long to wait before
    /// all is tried again.
    /// </summary>
    /// <param name="rate">The driver's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<TimeSpan?> Turn(CrmRate rate, CancellationToken cancellationToken)
    {
        if (permits.With(now => Pace.Book(now, rate) - now) is not { } hold)
        {
            return permits.With(Pace.Queue);
        }

        _booked = true;
        if (hold > TimeSpan.Zero)
        {
            await permits.Wait(hold, cancellationToken);
        }

        // Somebody else may have been refused meanwhile.
        _calledAt = permits.With(now => Pace.IsPaused(now) ? (TimeSpan?)null : now);
        return _calledAt is null ? permits.With(Pace.Queue) : null;
    }

    /// <summary>How long somebody waits whose turn cannot be now: behind all others, not at all if there are none.</summary>
    public TimeSpan Behind() => permits.With(now => Pace.HasQueue(now) ? Pace.Queue(now) : TimeSpan.Zero);

    /// <summary>Tells how the call failed: if the CRM asked for a pause, all of the tenant's writes to that system keep it.</summary>
    public void Failed(CrmException exception)
    {
        if (_calledAt is { } calledAt
            && (exception.Code == CrmErrorCode.RateLimited || exception is { Code: CrmErrorCode.ProviderUnavailable, RetryAfter: not null }))
        {
            _answered = false;
            permits.With(now => Pace.Pause(now, calledAt, exception));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pace is { } pace)
        {
            _pace = null;
            permits.With(now => pace.Leave(now, _booked, _answered ? _calledAt : null));
        }
    }
}
