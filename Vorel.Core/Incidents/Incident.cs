namespace Vorel.Core.Incidents;

/// <summary>An incident as an operator sees it: ids, codes and counts.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">What kind of standstill.</param>
/// <param name="Subject">The provider's slug; of <see cref="IncidentType.WebhookDeadLetter"/> the subscription's id.</param>
/// <param name="OpenedAt">Since when.</param>
/// <param name="ClosedAt">Until when; null while it is open.</param>
/// <param name="ClosedBecause"><c>resolved</c>, <c>disconnected</c> or <c>replaced</c>; null while it is open.</param>
/// <param name="Counts">How many versions of records stood still at the last look, by kind of record.</param>
/// <param name="OldestSince">Since when the CRM has been owed the oldest of them.</param>
/// <param name="FirstError">The code of the failure that it began with; null if nothing has failed but the waiting.</param>
/// <param name="LastError">The code of the latest failure.</param>
/// <param name="Examples">Up to five of what stands still, as <c>kind:id</c>, parents before what waits for them.</param>
public sealed record Incident(
    Guid Id,
    IncidentType Type,
    string Subject,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    string? ClosedBecause,
    IReadOnlyDictionary<string, int> Counts,
    DateTimeOffset? OldestSince,
    string? FirstError,
    string? LastError,
    IReadOnlyList<string> Examples);
