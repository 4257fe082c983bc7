using Vorel.Durable;
using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>Starts an instance over.</summary>
internal sealed class InstanceRestarts(InstanceOperations operations)
{
    /// <summary>Starts an instance again with the input it had, under its id or a new one.</summary>
    /// <returns>The id of the new run.</returns>
    /// <exception cref="RpcException">NotFound; AlreadyExists: it is at work and no new id is wanted.</exception>
    public async Task<string> Restart(string instanceId, bool withNewId, CancellationToken cancellationToken)
    {
        var instance = await Existing(instanceId, cancellationToken);
        return await operations.Start(
            new CreateInstanceRequest
            {
                InstanceId = withNewId ? "" : instanceId,
                Name = instance.Name,
                Version = instance.Version,
                Input = instance.Input,
                Tags = { instance.Tags.ToDictionary() },
            },
            cancellationToken);
    }

    /// <summary>
    /// Says why an instance is not rewound: to play its failed steps again means to rewrite its history and those of its children,
    /// which this local host does not.
    /// </summary>
    /// <exception cref="RpcException">Always: NotFound, FailedPrecondition: it has not failed, Unimplemented.</exception>
    public async Task Rewind(string instanceId, CancellationToken cancellationToken)
    {
        var instance = await Existing(instanceId, cancellationToken);
        throw instance.Status == OrchestrationStatus.Failed
            ? new RpcException(GrpcStatus.Unimplemented, "This local host does not rewind instances: restart it.")
            : new RpcException(GrpcStatus.FailedPrecondition, $"The instance is {instance.Status}: only a failed one is rewound.");
    }

    private async Task<InstanceRecord> Existing(string instanceId, CancellationToken cancellationToken) =>
        await operations.Get(instanceId, cancellationToken) ?? throw new RpcException(GrpcStatus.NotFound, "There is no such instance.");
}
