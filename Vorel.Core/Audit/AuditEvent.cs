namespace Vorel.Core.Audit;

/// <summary>
/// What was done with a tenant's data or to its settings, by whom. Ids, words of closed sets and counts: there is no member that free text
/// fits in, so no customer data and no secret can come into the log.
/// </summary>
/// <param name="Action">What was done.</param>
/// <param name="Actor">By whom.</param>
public sealed record AuditEvent(AuditAction Action, AuditActor Actor)
{
    /// <summary>What it was done with, where it is one thing.</summary>
    public Guid? Subject { get; init; }

    /// <summary>What was replaced, in a rotation.</summary>
    public Guid? Old { get; init; }

    /// <summary>What took its place, in a rotation.</summary>
    public Guid? New { get; init; }

    /// <summary>Why.</summary>
    public AuditCode? Code { get; init; }

    /// <summary>How many, of what.</summary>
    public IReadOnlyDictionary<AuditCount, long> Counts { get; init; } = new Dictionary<AuditCount, long>();
}
