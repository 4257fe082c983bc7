namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// The pace of one tenant's writes to one system in this process: how many writes at once, how many in a while, and none at all while the CRM asks for a pause; then
/// one that feels its way. Whoever is refused is told when his turn will come, each one behind the one before. Knows no clock: moments
/// count from any fixed point of the real clock. Not safe for use by several threads at once.
/// </summary>
/// <param name="system">The name of the system.</param>
/// <param name="random">Spreads what would otherwise come back at once.</param>
internal sealed class CrmPace(string system, Random random)
{
    /// <summary>So many writes at once.</summary>
    public const int MostAtOnce = 16;

    /// <summary>Whoever waits no longer than this waits inside: to come again would cost more.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that anybody is told: a check message comes by about as often anyway.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>The longest that a CRM may keep all from calling; it is then asked once whether it still does.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(2);

    private readonly CrmBucket _bucket = new();
    private int _inside;
    private int _booked;
    private TimeSpan _took;
    private TimeSpan _promised;
    private TimeSpan _pausedUntil;
    private bool _feelsItsWay;
    private int _refusedInARow;

    /// <summary>The name of the system.</summary>
    public string System => system;

    /// <summary>When somebody last came or went.</summary>
    public TimeSpan LastUsed { get; private set; }

    /// <summary>Whether it may be forgotten now: nobody is inside.</summary>
    public bool IsEmpty => _inside == 0;

    /// <summary>Lets a write begin. False when it may not now.</summary>
    public bool TryEnter(TimeSpan now)
    {
        LastUsed = now;
        if (IsPaused(now)
            || (_feelsItsWay && _inside > 0)
            || _inside == MostAtOnce
            || _bucket.Earliest(now) + (_bucket.Interval * (_inside - _booked)) > now + LongestHold)
        {
            return false;
        }

        if (_inside == 0 && now - _bucket.FullAt > s_idle + (_bucket.Interval * 2))
        {
            // Nobody has called for so long that those who were promised a turn do not come, or came early.
            _promised = now;
        }

        _inside++;
        return true;
    }

    /// <summary>Lets a write begin, or says how long it has to wait.</summary>
    public TimeSpan? EnterOrQueue(TimeSpan now) => TryEnter(now) ? null : Queue(now);

    /// <summary>Books the moment of a call of somebody inside. Null when it may not call soon.</summary>
    public TimeSpan? Book(TimeSpan now, CrmRate rate)
    {
        _bucket.Learn(rate);
        if (IsPaused(now) || _bucket.Earliest(now) > now + LongestHold)
        {
            return null;
        }

        _booked++;
        return _bucket.Book(now);
    }

    /// <summary>Whether nobody may call.</summary>
    public bool IsPaused(TimeSpan now) => now < _pausedUntil;

    /// <summary>When the turn of somebody comes who cannot call now, as time from now: behind all who were told before, at most two minutes.</summary>
    public TimeSpan Queue(TimeSpan now)
    {
        LastUsed = now;
        var step = Longer(_bucket.Interval, _took / MostAtOnce);
        var turn = Longer(_promised + step, Longer(now + s_shortest, _pausedUntil));
        if (turn - now > LongestWait)
        {
            // Too far off to be promised: spread, so that they do not all ask again at once.
            return LongestWait * ((1 + random.NextDouble()) / 2);
        }

        _promised = turn;
        return turn - now;
    }

    /// <summary>Whether anybody waits for a promised turn.</summary>
    public bool HasQueue(TimeSpan now) => _promised > now;

    /// <summary>The CRM refused a call for now, or was away and said until when.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="calledAt">When the call left.</param>
    /// <param name="refused">How.</param>
    public void Pause(TimeSpan now, TimeSpan calledAt, CrmException refused)
    {
        if (calledAt < _pausedUntil)
        {
            // It was on its way when the pause began, and says nothing new.
            return;
        }

        if (refused.Code == CrmErrorCode.RateLimited)
        {
            _bucket.Slow();
        }

        var ours = s_shortest * (1 << Math.Min(_refusedInARow++, 6));

        // Up to a tenth longer, so that several processes do not call again at once.
        var pause = Longer(refused.RetryAfter ?? ours, ours).TotalSeconds * (1 + (random.NextDouble() / 10));
        _pausedUntil = now + TimeSpan.FromSeconds(Math.Min(pause, LongestPause.TotalSeconds));
        _feelsItsWay = true;
    }

    /// <summary>Somebody who was let in goes.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="booked">Whether he had booked a moment.</param>
    /// <param name="answeredCallAt">When his call left, if he made one that the CRM did not refuse for now, whatever else became of it.</param>
    public void Leave(TimeSpan now, bool booked, TimeSpan? answeredCallAt)
    {
        LastUsed = now;
        _inside--;
        _booked -= booked ? 1 : 0;
        if (answeredCallAt is not { } calledAt)
        {
            return;
        }

        _took += (now - calledAt - _took) / 8;
        if (calledAt >= _pausedUntil)
        {
            _bucket.Quicken();
            _feelsItsWay = false;
            _refusedInARow = 0;
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
