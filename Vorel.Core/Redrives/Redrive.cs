namespace Vorel.Core.Redrives;

/// <summary>The taking up again of what a tenant's CRM is owed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Scope">Which of what is owed.</param>
/// <param name="Rate">How many rows a second are taken up.</param>
/// <param name="State">Whether it goes on.</param>
/// <param name="Total">How many rows were owed when it began, counted up to 10,000; null before that of a connection has begun.</param>
/// <param name="Redriven">How many rows were taken up; of a slice that a crash repeats, those that were still there.</param>
/// <param name="StartedAt">When it began, by the domain clock: what is owed since then is on its way without it.</param>
/// <param name="FinishedAt">When it came to its end; null while it has not.</param>
public sealed record Redrive(
    Guid Id, RedriveScope Scope, int Rate, RedriveState State, long? Total, long Redriven, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt);

/// <summary>Whether a redrive goes on.</summary>
public enum RedriveState
{
    /// <summary>There may be more to take up.</summary>
    Running,

    /// <summary>Everything in its scope was taken up.</summary>
    Finished,
}

/// <summary>A redrive and what of its scope the CRM has not got yet.</summary>
/// <param name="Redrive">The redrive.</param>
/// <param name="Owed">The rows that are there still.</param>
public sealed record RedriveProgress(Redrive Redrive, OwedCount Owed);

/// <summary>How many versions of records the CRM is owed.</summary>
/// <param name="Count">As many were counted.</param>
/// <param name="More">Counting stopped there: there may be more.</param>
public readonly record struct OwedCount(int Count, bool More);

/// <summary>A page of redrives, newest first.</summary>
/// <param name="Redrives">At most the limit asked for.</param>
/// <param name="NextCursor">The id of the last one if there may be more, else null.</param>
public sealed record RedrivePage(IReadOnlyList<Redrive> Redrives, string? NextCursor);
