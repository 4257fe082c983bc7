using System.Collections.Immutable;

namespace Vorel.Fakes.HubSpot;

/// <summary>What a search sees: records as they were some time ago, and none that are archived.</summary>
public sealed class HubSpotIndex
{
    private readonly TimeProvider _time;
    private readonly SortedDictionary<string, HubSpotRecord> _seen = new(StringComparer.Ordinal);

    internal HubSpotIndex(TimeProvider time) => _time = time;

    /// <summary>How long a change is not seen.</summary>
    public TimeSpan Lag { get; set; }

    /// <summary>How many searches a change is not seen by.</summary>
    public int SearchesMissed { get; set; }

    /// <summary>Changes that are not seen yet.</summary>
    internal ImmutableList<(HubSpotRecord Record, DateTimeOffset From, int Searches)> Late { get; set; } = [];

    internal void Changed(HubSpotRecord record)
    {
        if (record.ArchivedAt is not null)
        {
            Removed(record);
            return;
        }

        Late = Late.Add((record, _time.GetUtcNow() + Lag, SearchesMissed));
    }

    internal void Removed(HubSpotRecord record)
    {
        _seen.Remove(record.Id);
        Late = Late.RemoveAll(change => change.Record.Id == record.Id);
    }

    internal IEnumerable<HubSpotRecord> Search(HubSpotObjectType type)
    {
        var now = _time.GetUtcNow();
        foreach (var change in Late.Where(change => change.From <= now && change.Searches == 0))
        {
            _seen[change.Record.Id] = change.Record;
        }

        Late = [.. Late.Where(change => change.From > now || change.Searches > 0).Select(change => change with { Searches = Math.Max(0, change.Searches - 1) })];
        return _seen.Values.Where(record => record.Type == type.Name);
    }
}
