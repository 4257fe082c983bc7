using Vorel.Core.Records;
using Vorel.Core.Retention;

namespace Vorel.Core.Audit;

/// <summary>What is counted in an event: the names of a closed set.</summary>
public sealed record AuditCount
{
    private AuditCount(string name) => Name = name;

    /// <summary>How many things there were to do.</summary>
    public static AuditCount Total { get; } = new("total");

    /// <summary>How many of them a second, at most.</summary>
    public static AuditCount Rate { get; } = new("rate");

    /// <summary>How often a credential was opened.</summary>
    public static AuditCount Decrypts { get; } = new("decrypts");

    /// <summary>How many events could not be written down.</summary>
    public static AuditCount Lost { get; } = new("lost");

    /// <summary>How it is spelled in rows and answers.</summary>
    public string Name { get; }

    /// <summary>Rows of a kind that the retention sweep looked into, by what became of them.</summary>
    internal static AuditCount Swept(string kind, SweepOutcome outcome) => new($"{Known(kind)}_{outcome.Name()}");

    // Hints name their kind, and hints may be anybody's.
    private static string Known(string kind) =>
        RecordKinds.All.Any(record => record.Name == kind) || kind == PurgeIndexRow.IdempotencyKeys || TelemetryPurge.Tables.Contains(kind)
            ? kind
            : "other";
}
