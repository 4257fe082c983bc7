using Vorel.Core.Audit;

namespace Vorel.Core.Retention;

/// <summary>Counts what became of a tenant's rows in one run, for the audit row and the meter.</summary>
internal sealed class SweepTally
{
    private readonly Dictionary<(string Kind, SweepOutcome Outcome), long> _counts = [];

    /// <summary>The counts, for example of <c>lead_purged</c>.</summary>
    public IReadOnlyDictionary<AuditCount, long> Counts =>
        _counts.ToDictionary(count => AuditCount.Swept(count.Key.Kind, count.Key.Outcome), count => count.Value);

    /// <summary>Counts rows of a kind.</summary>
    public void Add(string kind, SweepOutcome outcome, int rows = 1)
    {
        _counts[(kind, outcome)] = _counts.GetValueOrDefault((kind, outcome)) + rows;
        Metrics.SweptRows.Add(rows, new("vorel.record.kind", kind), new("vorel.retention.outcome", outcome.Name()));
    }

    /// <summary>How many rows had this outcome, of every kind.</summary>
    public long Sum(SweepOutcome outcome) => _counts.Where(count => count.Key.Outcome == outcome).Sum(count => count.Value);
}
