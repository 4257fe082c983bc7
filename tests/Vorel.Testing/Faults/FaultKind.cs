namespace Vorel.Testing.Faults;

/// <summary>What can happen to a request on its way through a <see cref="FaultProxy"/>.</summary>
public enum FaultKind
{
    /// <summary>The service says that it is busy: 503 <c>ServerBusy</c>, and has done nothing.</summary>
    Busy,

    /// <summary>The request reaches the service late, also when its sender has long given up.</summary>
    Delay,

    /// <summary>The connection is reset; the service never sees the request.</summary>
    LoseRequest,

    /// <summary>The service does its work; the connection is reset instead of the answer.</summary>
    LoseAnswer,
}
