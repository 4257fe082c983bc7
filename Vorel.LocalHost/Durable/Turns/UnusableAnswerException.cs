namespace Vorel.LocalHost.Durable.Turns;

/// <summary>An orchestrator's answer that the host cannot apply; the instance fails for good, as it would in Azure.</summary>
internal sealed class UnusableAnswerException(string message, Exception? inner = null) : Exception(message, inner);
