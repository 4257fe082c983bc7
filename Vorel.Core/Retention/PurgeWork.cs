using Vorel.Core.Records;

namespace Vorel.Core.Retention;

/// <summary>What a hint asks to be looked into. Whatever a damaged hint says, there is nothing else that it can lead to.</summary>
internal abstract record PurgeWork
{
    private PurgeWork()
    {
    }

    /// <summary>The work that a hint stands for.</summary>
    public static PurgeWork Of(PurgeIndexRow hint) => hint.Kind switch
    {
        PurgeIndexRow.IdempotencyKeys when IdempotencyPurge.Tables.Contains(hint.Key) => new Keys(hint.Key),
        PurgeIndexRow.Telemetry when TelemetryPurge.TableOf(hint.Key) is { } table => new Telemetry(table),
        var name when RecordKinds.Find(name) is { } kind && hint.Key.StartsWith(RecordKeys.Prefix(kind), StringComparison.Ordinal) => new Records(kind),
        var name => new Unknown(name),
    };

    /// <summary>Records of a kind.</summary>
    public sealed record Records(RecordKind Kind) : PurgeWork;

    /// <summary>The Idempotency-Keys of a table that are over.</summary>
    public sealed record Keys(string Table) : PurgeWork;

    /// <summary>Rows of a table that say their own end.</summary>
    public sealed record Telemetry(string Table) : PurgeWork;

    /// <summary>None that this version knows.</summary>
    public sealed record Unknown(string Kind) : PurgeWork;
}
