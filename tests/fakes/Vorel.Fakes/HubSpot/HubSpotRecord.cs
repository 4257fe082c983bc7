using System.Collections.Immutable;

namespace Vorel.Fakes.HubSpot;

/// <summary>A record.</summary>
/// <param name="Type">Its kind, such as <c>contacts</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Properties">Its values; what was cleared is not there.</param>
/// <param name="CreatedAt">When it came.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
/// <param name="ArchivedAt">When it was archived; null if it was not.</param>
public sealed record HubSpotRecord(
    string Type,
    string Id,
    ImmutableSortedDictionary<string, string> Properties,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ArchivedAt)
{
    /// <summary>A value; null if there is none.</summary>
    public string? this[string property] => Properties.GetValueOrDefault(property);
}
