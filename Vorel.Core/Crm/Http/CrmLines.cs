namespace Vorel.Core.Crm.Http;

/// <summary>The lines to all accounts that were called lately: bounded in number, and forgotten when they idle.</summary>
internal sealed class CrmLines(TimeProvider realTime, CrmPatience patience)
{
    /// <summary>So many are kept at most; the one that idled longest goes first.</summary>
    public const int MostKept = 2_000;

    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_sweep = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Provider, string Account), CrmLine> _lines = [];
    private TimeSpan _sweptAt = realTime.GetElapsedTime(0);

    /// <summary>How long and how often providers are asked.</summary>
    public CrmPatience Patience => patience;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>The line to an account.</summary>
    public CrmLine Of(string provider, string account)
    {
        lock (_gate)
        {
            var now = realTime.GetElapsedTime(0);
            if (!_lines.TryGetValue((provider, account), out var line))
            {
                Sweep(now);
                _lines[(provider, account)] = line = new CrmLine(patience, realTime);
            }

            line.LastUsed = now;
            return line;
        }
    }

    private void Sweep(TimeSpan now)
    {
        if (now - _sweptAt > s_sweep)
        {
            _sweptAt = now;
            foreach (var (key, _) in _lines.Where(line => now - line.Value.LastUsed > s_kept).ToArray())
            {
                _lines.Remove(key);
            }
        }

        if (_lines.Count >= MostKept)
        {
            // A tenth at once: to look for the oldest is work, and a flood of accounts must not make it work for each.
            foreach (var (key, _) in _lines.OrderBy(line => line.Value.LastUsed).Take(MostKept / 10).ToArray())
            {
                _lines.Remove(key);
            }
        }
    }
}
