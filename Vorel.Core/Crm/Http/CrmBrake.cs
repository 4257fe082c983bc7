namespace Vorel.Core.Crm.Http;

/// <summary>
/// Slows an account's calls down when its provider says that few are left, so that it need not refuse any. As long as there are enough it does nothing:
/// the pace of what is mirrored is set elsewhere (<see cref="Mirror.CrmPace"/>), by what the provider publishes and refuses.
/// </summary>
internal sealed class CrmBrake(TimeProvider realTime)
{
    /// <summary>With no more than so many left, they are spread over the rest of the window.</summary>
    public const int Reserve = 10;

    private readonly Lock _gate = new();
    private TimeSpan _step;
    private TimeSpan _next;
    private TimeSpan _until;

    private TimeSpan Now => realTime.GetElapsedTime(0);

    /// <summary>Learns what is left.</summary>
    public void Learn(IEnumerable<CrmAllowance> allowances)
    {
        var step = TimeSpan.Zero;
        var window = TimeSpan.Zero;
        foreach (var allowance in allowances.Where(allowance => allowance.Remaining <= Reserve))
        {
            var apart = allowance.Window / (Math.Max(allowance.Remaining, 0) + 1);
            (step, window) = apart > step ? (apart, allowance.Window) : (step, window);
        }

        lock (_gate)
        {
            var now = Now;
            _step = step;
            _until = now + window;
            _next = step == TimeSpan.Zero ? now : _next > now + step ? _next : now + step;
        }
    }

    /// <summary>Takes the next turn, and says how long it is until then. Null, and no turn, if that is longer than <paramref name="longest"/>.</summary>
    public TimeSpan? Take(TimeSpan longest, out TimeSpan wait)
    {
        lock (_gate)
        {
            var now = Now;
            if (_step == TimeSpan.Zero || now >= _until)
            {
                wait = TimeSpan.Zero;
                return wait;
            }

            wait = _next > now ? _next - now : TimeSpan.Zero;
            if (wait > longest)
            {
                return null;
            }

            _next = now + wait + _step;
            return wait;
        }
    }
}
