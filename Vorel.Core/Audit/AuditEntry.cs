namespace Vorel.Core.Audit;

/// <summary>An entry of the log as it is read.</summary>
/// <param name="Id">Its id, which says when.</param>
/// <param name="Intact">Whether it is what was written; if not, nothing of it is told but that it is there.</param>
public sealed record AuditEntry(Guid Id, bool Intact)
{
    /// <summary>What was done.</summary>
    public string? Action { get; init; }

    /// <summary>What kind of party did it.</summary>
    public string? ActorKind { get; init; }

    /// <summary>Who did it.</summary>
    public string? Actor { get; init; }

    /// <summary>In which request.</summary>
    public Guid? Request { get; init; }

    /// <summary>For which conversation.</summary>
    public Guid? Conversation { get; init; }

    /// <summary>With what.</summary>
    public Guid? Subject { get; init; }

    /// <summary>What was replaced.</summary>
    public Guid? Old { get; init; }

    /// <summary>What took its place.</summary>
    public Guid? New { get; init; }

    /// <summary>Why.</summary>
    public string? Code { get; init; }

    /// <summary>How many, of what.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();
}

/// <summary>A page of a month's log, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="NextCursor">What to ask for the next page with; null at the end of the month.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? NextCursor);
