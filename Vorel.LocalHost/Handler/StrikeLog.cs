namespace Vorel.LocalHost.Handler;

/// <summary>Counts the handler's crashes as the real host does: three within 30 minutes of the newest end the host.</summary>
internal sealed class StrikeLog
{
    public const int Limit = 3;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(30);
    private readonly List<DateTimeOffset> _strikes = [];

    public int Count => _strikes.Count;

    /// <summary>Books a crash; true where the handler may be started once more.</summary>
    public bool MayRestart(DateTimeOffset now)
    {
        _strikes.Add(now);
        _strikes.RemoveAll(strike => strike < now - s_window);
        return _strikes.Count < Limit;
    }
}
