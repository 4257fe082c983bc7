namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>Whose storage a test's fault proxy stands before.</summary>
internal enum FaultsBefore
{
    /// <summary>There is no proxy.</summary>
    Nobody,

    /// <summary>The function app's storage: the handler's, and that of the host's queue listener, timers and clock.</summary>
    Handler,

    /// <summary>That, and the storage of the Durable hub.</summary>
    HandlerAndHub,
}
