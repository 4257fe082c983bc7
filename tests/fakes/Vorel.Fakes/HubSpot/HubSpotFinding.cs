namespace Vorel.Fakes.HubSpot;

/// <summary>What is wrong with one property's value.</summary>
internal sealed record HubSpotFinding(string Property, string Code, string Message);
