namespace Vorel.Durable;

/// <summary>An instance with this id is pending, running or suspended, so that no new one was started.</summary>
public sealed class OrchestrationAlreadyExistsException(string instanceId, DurableClientException cause)
    : DurableClientException(cause.Method, GrpcStatus.AlreadyExists, cause.Detail, cause)
{
    /// <summary>The id.</summary>
    public string InstanceId { get; } = instanceId;
}
