namespace Vorel.Durable;

/// <summary>What a purge did.</summary>
/// <param name="PurgedInstanceCount">How many instances went.</param>
public sealed record PurgeResult(int PurgedInstanceCount);
