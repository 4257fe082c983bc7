using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Sidecar;

/// <summary>The calls that the sidecar answers; all others are unimplemented.</summary>
/// <param name="operations">What they do.</param>
/// <param name="hub">Ends with the hub. A call that was begun is seen through although its caller hangs up.</param>
internal sealed class SidecarMethods(InstanceOperations operations, CancellationToken hub)
{
    /// <exception cref="RpcException">The call ends with a status other than OK.</exception>
    public Task<IMessage> Call(string method, Stream body, CancellationToken reading) => method switch
    {
        "Hello" => Unary(body, Empty.Parser, _ => Task.FromResult<IMessage>(new Empty()), reading),
        "StartInstance" => Unary(body, CreateInstanceRequest.Parser, Start, reading),
        "GetInstance" => Unary(body, GetInstanceRequest.Parser, Get, reading),
        "RaiseEvent" => Unary(body, RaiseEventRequest.Parser, Raise, reading),
        "TerminateInstance" => Unary(body, TerminateRequest.Parser, Terminate, reading),
        "PurgeInstances" => Unary(body, PurgeInstancesRequest.Parser, Purge, reading),
        _ => throw new RpcException(GrpcStatus.Unimplemented, $"{method} is not supported by this local host yet."),
    };

    private static async Task<IMessage> Unary<T>(Stream body, MessageParser<T> parser, Func<T, Task<IMessage>> call, CancellationToken reading)
        where T : IMessage<T> =>
        await call(await GrpcFraming.ReadAsync(body, parser, reading));

    private async Task<IMessage> Start(CreateInstanceRequest request) =>
        new CreateInstanceResponse { InstanceId = await operations.Start(request, hub) };

    private async Task<IMessage> Get(GetInstanceRequest request) =>
        await operations.Get(request.InstanceId, hub) is { } record
            ? new GetInstanceResponse { Exists = true, OrchestrationState = State(record, request.GetInputsAndOutputs) }
            : new GetInstanceResponse();

    private async Task<IMessage> Raise(RaiseEventRequest request)
    {
        await operations.Raise(request, hub);
        return new RaiseEventResponse();
    }

    private async Task<IMessage> Terminate(TerminateRequest request)
    {
        await operations.Terminate(request, hub);
        return new TerminateResponse();
    }

    private async Task<IMessage> Purge(PurgeInstancesRequest request)
    {
        if (request.RequestCase != PurgeInstancesRequest.RequestOneofCase.InstanceId)
        {
            throw new RpcException(GrpcStatus.Unimplemented, "This local host purges by instance id alone.");
        }

        var purged = await operations.Purge(request.InstanceId, hub);
        return new PurgeInstancesResponse { DeletedInstanceCount = purged ? 1 : 0, IsComplete = true };
    }

    private static OrchestrationState State(InstanceRecord record, bool withPayloads) => new()
    {
        InstanceId = record.InstanceId,
        Name = record.Name,
        Version = record.Version,
        ExecutionId = record.ExecutionId,
        OrchestrationStatus = record.Status,
        CreatedTimestamp = record.CreatedAt.ToTimestamp(),
        LastUpdatedTimestamp = record.UpdatedAt.ToTimestamp(),
        CompletedTimestamp = record.CompletedAt?.ToTimestamp(),
        CustomStatus = record.CustomStatus,
        Input = withPayloads ? record.Input : null,
        Output = withPayloads ? record.Output : null,
    };
}
