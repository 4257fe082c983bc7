namespace Vorel.LocalHost.Queues;

/// <summary>How long an idle queue is left alone: from 100 ms, about doubling, up to maxPollingInterval.</summary>
internal sealed class PollingDelay(TimeSpan longest)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(100);
    private int _misses;

    /// <summary>The pause after a poll that did or did not find something; spread by a fifth, so that listeners do not march in step.</summary>
    public TimeSpan After(bool found, double spread)
    {
        _misses = found ? 0 : Math.Min(_misses + 1, 20);
        if (_misses == 0)
        {
            return s_shortest;
        }

        var wanted = s_shortest * Math.Pow(2, _misses - 1) * (0.8 + (0.4 * spread));
        return wanted < longest ? wanted : longest;
    }
}
