using Vorel.Core.Storage;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>The redrives that are under way.</summary>
internal sealed class RedriveBook(MirrorStage stage)
{
    private readonly HashSet<(int Tenant, string Key)> _running = [];
    private readonly HashSet<(int Tenant, string Key)> _markers = [];

    /// <summary>How many there are, and what says that one is.</summary>
    public int Running => _running.Count + _markers.Count;

    public bool IsRunning(int tenant) => _running.Any(one => one.Tenant == tenant);

    public void Committed(int tenant, IReadOnlyList<RowWrite> writes)
    {
        foreach (var write in writes)
        {
            var row = (tenant, write.Key);
            var columns = write is RowWrite.Insert insert ? insert.Columns : write is RowWrite.Replace replace ? replace.Columns : null;
            if (write.Key.StartsWith("running|", StringComparison.Ordinal))
            {
                _ = columns is null ? _markers.Remove(row) : _markers.Add(row);
            }
            else if (columns?["state"] is "running")
            {
                _running.Add(row);
            }
            else if (_running.Remove(row))
            {
                stage.Tally.Count(columns?.ContainsKey("connection") is true ? "a connection's redrive came to its end" : "a redrive came to its end");
            }
        }
    }
}
