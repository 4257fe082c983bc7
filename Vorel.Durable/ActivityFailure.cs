namespace Vorel.Durable;

/// <summary>How an exception is told to the orchestration. Nothing else of it leaves the process.</summary>
/// <param name="Type">The failure's type name.</param>
/// <param name="Message">A message without customer data, secrets or paths.</param>
/// <param name="Retriable">Another attempt may succeed.</param>
public sealed record ActivityFailure(string Type, string Message, bool Retriable);
