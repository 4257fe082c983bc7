namespace Vorel.Durable;

/// <summary>A call to the durable sidecar failed.</summary>
public class DurableClientException(string method, GrpcStatus status, string? detail, Exception? inner = null)
    : Exception($"The durable sidecar's {method} ended with {status}.", inner)
{
    /// <summary>The RPC.</summary>
    public string Method { get; } = method;

    /// <summary>How it ended. After <see cref="GrpcStatus.DeadlineExceeded"/> and <see cref="GrpcStatus.Unavailable"/> it may have taken effect.</summary>
    public GrpcStatus Status { get; } = status;

    /// <summary>The sidecar's own words, for diagnosis; not for callers.</summary>
    public string? Detail { get; } = detail;
}
