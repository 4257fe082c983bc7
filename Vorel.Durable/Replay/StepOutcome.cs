namespace Vorel.Durable.Replay;

/// <summary>How a step ended: a result, or how the host says it failed.</summary>
internal readonly record struct StepOutcome(string? Result, TaskFailureDetails? Failure);
