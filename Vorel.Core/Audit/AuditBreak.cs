namespace Vorel.Core.Audit;

/// <summary>Where the log is not what was written.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Key">The key of the row that is, or should be, there.</param>
/// <param name="At">When it was written, by its key.</param>
/// <param name="Id">The row's id; null for a seal, or a key that is none of ours.</param>
public sealed record AuditBreak(AuditBreakKind Kind, string Key, DateTimeOffset At, Guid? Id);

/// <summary>What can be wrong with the log.</summary>
public enum AuditBreakKind
{
    /// <summary>A row is not what was written under its key. Where nothing leads to it, it may also have been made up.</summary>
    Changed,

    /// <summary>A row is not there, and a later one of its chain is.</summary>
    Missing,

    /// <summary>A row was never written there.</summary>
    Inserted,

    /// <summary>Another row of ours lies in the place of the one that was written there.</summary>
    Reordered,

    /// <summary>The end of a chain is not there any more, which the seal of its day knows.</summary>
    CutOff,

    /// <summary>A day has no seal that should have one since a day.</summary>
    SealMissing,

    /// <summary>A seal is not what was written, or does not follow on that of the day before.</summary>
    SealDoesNotFit,
}
