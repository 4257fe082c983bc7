namespace Vorel.LocalHost.Handler;

/// <summary>Counts the handler's crashes as the real host does: three within 30 minutes of the newest end the host.</summary>
internal sealed class StrikeLog
{
    public const int Limit = 3;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);
    private readonly List<DateTimeOffset> strikes = [];

    public int Count => strikes.Count;

    /// <summary>Books a crash; true where the handler may be started once more.</summary>
    public bool MayRestart(DateTimeOffset now)
    {
        strikes.Add(now);
        strikes.RemoveAll(strike => strike < now - Window);
        return strikes.Count < Limit;
    }
}
