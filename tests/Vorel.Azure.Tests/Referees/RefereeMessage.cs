namespace Vorel.Azure.Tests.Referees;

/// <summary>A message as the referee's client sees it; peeked ones have no receipt.</summary>
public sealed record RefereeMessage(string Id, string? Receipt, string Text, long DequeueCount, DateTimeOffset Expires);
