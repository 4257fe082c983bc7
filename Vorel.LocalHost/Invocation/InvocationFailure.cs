namespace Vorel.LocalHost.Invocation;

/// <summary>The ways a call to the handler fails.</summary>
internal enum InvocationFailure
{
    /// <summary>A status outside 2xx.</summary>
    Status,

    /// <summary>Refused, reset or cut: the process is gone or died during the call.</summary>
    ConnectionLost,

    /// <summary>2xx, but not JSON, or JSON that the host cannot use.</summary>
    BadAnswer,

    /// <summary>The function succeeded, but one of its output bindings could not be written; some may have been.</summary>
    OutputFailed,

    /// <summary>functionTimeout passed (an empty answer hangs until then); the handler has been killed.</summary>
    TimedOut,
}
