using Vorel.Durable;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>A request that the sidecar answers with a status of gRPC.</summary>
internal sealed class RpcException(GrpcStatus status, string message) : Exception(message)
{
    public GrpcStatus Status { get; } = status;
}
