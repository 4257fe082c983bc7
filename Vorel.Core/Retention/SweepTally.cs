namespace Vorel.Core.Retention;

/// <summary>Counts what became of a tenant's rows in one run, for the audit row and the meter.</summary>
internal sealed class SweepTally
{
    private readonly Dictionary<(string Kind, SweepOutcome Outcome), long> _counts = [];

    /// <summary>The counts by name, for example <c>lead_purged</c>.</summary>
    public IReadOnlyDictionary<string, long> Counts =>
        _counts.ToDictionary(count => $"{count.Key.Kind}_{Name(count.Key.Outcome)}", count => count.Value, StringComparer.Ordinal);

    /// <summary>Counts rows of a kind.</summary>
    public void Add(string kind, SweepOutcome outcome, int rows = 1)
    {
        _counts[(kind, outcome)] = _counts.GetValueOrDefault((kind, outcome)) + rows;
        Metrics.SweptRows.Add(rows, new("vorel.record.kind", kind), new("vorel.retention.outcome", Name(outcome)));
    }

    /// <summary>How many rows had this outcome, of every kind.</summary>
    public long Sum(SweepOutcome outcome) => _counts.Where(count => count.Key.Outcome == outcome).Sum(count => count.Value);

    private static string Name(SweepOutcome outcome) => outcome switch
    {
        SweepOutcome.Purged => "purged",
        SweepOutcome.Gone => "gone",
        SweepOutcome.Kept => "kept",
        _ => "failed",
    };
}
