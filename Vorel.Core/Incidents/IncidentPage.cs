namespace Vorel.Core.Incidents;

/// <summary>A page of a tenant's incidents.</summary>
/// <param name="Incidents">The open ones first, by type and subject, then the closed ones, newest first.</param>
/// <param name="NextCursor">What to ask the next page with; null when this is the last.</param>
public sealed record IncidentPage(IReadOnlyList<Incident> Incidents, string? NextCursor);
