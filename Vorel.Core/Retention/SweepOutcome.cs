namespace Vorel.Core.Retention;

/// <summary>What became of something that was looked into.</summary>
internal enum SweepOutcome
{
    /// <summary>It was past its window and is deleted.</summary>
    Purged,

    /// <summary>It was not there any more.</summary>
    Gone,

    /// <summary>It is not past its window, or the CRM does not hold its current version.</summary>
    Kept,

    /// <summary>It could not be looked into, or was being changed; it comes again.</summary>
    Failed,
}

/// <summary>How outcomes are spelled, in audit rows and on the meter.</summary>
internal static class SweepOutcomes
{
    public static string Name(this SweepOutcome outcome) => outcome switch
    {
        SweepOutcome.Purged => "purged",
        SweepOutcome.Gone => "gone",
        SweepOutcome.Kept => "kept",
        _ => "failed",
    };
}
