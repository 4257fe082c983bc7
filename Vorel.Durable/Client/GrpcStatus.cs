namespace Vorel.Durable;

/// <summary>The status codes of gRPC, by their numbers on the wire.</summary>
public enum GrpcStatus
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The caller gave up.</summary>
    Cancelled = 1,

    /// <summary>Something without a better code.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state.</summary>
    InvalidArgument = 3,

    /// <summary>No answer in time; the call may have taken effect.</summary>
    DeadlineExceeded = 4,

    /// <summary>There is no such instance.</summary>
    NotFound = 5,

    /// <summary>An instance with this id is at work.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not.</summary>
    PermissionDenied = 7,

    /// <summary>A limit was reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The instance is not in a state that allows the call.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost a race.</summary>
    Aborted = 10,

    /// <summary>A value is outside its range.</summary>
    OutOfRange = 11,

    /// <summary>There is no such method.</summary>
    Unimplemented = 12,

    /// <summary>The server failed, or broke the protocol.</summary>
    Internal = 13,

    /// <summary>The server could not be reached.</summary>
    Unavailable = 14,

    /// <summary>Data were lost.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
