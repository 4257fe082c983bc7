namespace Vorel.LocalHost.Durable.Instances;

/// <summary>A timer to fire.</summary>
internal sealed record ScheduledTimer(int Id, DateTimeOffset FireAt);
