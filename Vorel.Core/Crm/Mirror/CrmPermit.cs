namespace Vorel.Core.Crm.Mirror;

/// <summary>One write's permit to go to a tenant's CRM, or the refusal of one. Given back when disposed.</summary>
internal sealed class CrmPermit(CrmPermits permits, CrmPace pace, TimeSpan? refused) : IDisposable
{
    private TimeSpan? _calledAt;
    private bool _booked;
    private bool _answered = true;
    private bool _isOver = refused is not null;

    /// <summary>How long to wait, if it is a refusal.</summary>
    public TimeSpan? Refused => refused;

    /// <summary>
    /// Waits for the moment to call, a second at most. Not null when that does not come so soon: how long to wait before
    /// all is tried again.
    /// </summary>
    /// <param name="rate">The driver's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<TimeSpan?> Turn(CrmRate rate, CancellationToken cancellationToken)
    {
        if (permits.With(now => pace.Book(now, rate) - now) is not { } hold)
        {
            return permits.With(pace.Queue);
        }

        _booked = true;
        if (hold > TimeSpan.Zero)
        {
            await permits.Wait(hold, cancellationToken);
        }

        // Somebody else may have been refused meanwhile.
        _calledAt = permits.With(now => pace.IsPaused(now) ? (TimeSpan?)null : now);
        return _calledAt is null ? permits.With(pace.Queue) : null;
    }

    /// <summary>How long somebody waits whose turn cannot be now: behind all others, not at all if there are none.</summary>
    public TimeSpan Behind() => permits.With(now => pace.HasQueue(now) ? pace.Queue(now) : TimeSpan.Zero);

    /// <summary>Tells how the call failed: if the CRM asked for a pause, all of the tenant's writes keep it.</summary>
    public void Failed(CrmException exception)
    {
        if (_calledAt is { } calledAt
            && (exception.Code == CrmErrorCode.RateLimited || exception is { Code: CrmErrorCode.ProviderUnavailable, RetryAfter: not null }))
        {
            _answered = false;
            permits.With(now => pace.Pause(now, calledAt, exception));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            permits.With(now => pace.Leave(now, _booked, _answered ? _calledAt : null));
        }
    }
}
