namespace Vorel.LocalHost.Hosting;

/// <summary>
/// Waits that about double, in the way of the WebJobs SDK: the shortest; then the shortest and once, twice, four times itself, each spread
/// by a fifth; at most the longest.
/// </summary>
internal sealed class Backoff(TimeSpan shortest, TimeSpan longest)
{
    private int _misses;

    /// <summary>The wait after one more attempt. A success starts again from the shortest.</summary>
    /// <param name="success">How the attempt ended.</param>
    /// <param name="spread">A random number from 0 to 1, so that many do not march in step.</param>
    public TimeSpan After(bool success, double spread)
    {
        _misses = success ? 0 : Math.Min(_misses + 1, 30);
        var wanted = shortest + (_misses < 2 ? TimeSpan.Zero : shortest * Math.Pow(2, _misses - 2) * (0.8 + (0.4 * spread)));
        return wanted < longest ? wanted : longest;
    }
}
