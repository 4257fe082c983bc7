namespace Vorel.LocalHost.Handler;

/// <summary>The handler's program cannot be started at all.</summary>
internal sealed class HandlerStartException(string message, Exception inner) : Exception(message, inner);
