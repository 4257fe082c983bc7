namespace Vorel.Fakes.HubSpot;

/// <summary>One direction of an association.</summary>
/// <param name="FromType">The kind of the one record.</param>
/// <param name="FromId">The id of the one record.</param>
/// <param name="ToType">The kind of the other.</param>
/// <param name="ToId">The id of the other.</param>
/// <param name="TypeId">The association's type.</param>
public sealed record HubSpotLink(string FromType, string FromId, string ToType, string ToId, int TypeId);
