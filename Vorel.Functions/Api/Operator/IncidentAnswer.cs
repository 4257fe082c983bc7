using Vorel.Core.Incidents;

namespace Vorel.Functions.Api.Operator;

/// <summary>An incident: ids, codes, counts and times.</summary>
internal sealed record IncidentAnswer(
    Guid Id,
    string Type,
    string Subject,
    string Status,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    string? ClosedBecause,
    IReadOnlyDictionary<string, int> Counts,
    int Total,
    DateTimeOffset? OldestSince,
    string? FirstError,
    string? LastError,
    IReadOnlyList<string> Examples)
{
    public static IncidentAnswer Of(Incident incident) => new(
        incident.Id,
        incident.Type.Wire(),
        incident.Subject,
        incident.ClosedAt is null ? "open" : "closed",
        incident.OpenedAt,
        incident.ClosedAt,
        incident.ClosedBecause,
        incident.Counts,
        incident.Counts.Values.Sum(),
        incident.OldestSince,
        incident.FirstError,
        incident.LastError,
        incident.Examples);
}

/// <summary>A page of incidents, the open ones first.</summary>
internal sealed record IncidentListAnswer(IReadOnlyList<IncidentAnswer> Data, string? NextCursor, bool HasMore);
