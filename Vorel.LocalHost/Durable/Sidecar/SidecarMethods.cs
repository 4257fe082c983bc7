using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Sidecar;

/// <summary>The calls that the sidecar answers, by the name of the RPC.</summary>
/// <param name="client">What they do. What changes something is seen through although its caller hangs up.</param>
internal sealed class SidecarMethods(HubClient client)
{
    private const string TaskHubHeader = "Durable-TaskHub";
    private const string ConnectionHeader = "Durable-ConnectionName";

    /// <exception cref="RpcException">The call ends with a status other than OK.</exception>
    public Task Call(SidecarCall call)
    {
        Check(call, TaskHubHeader, client.HubName);
        Check(call, ConnectionHeader, client.ConnectionName);
        return call.Method switch
        {
            "Hello" => Unary(call, Empty.Parser, static _ => Task.FromResult(new Empty())),
            "StartInstance" => Unary(call, CreateInstanceRequest.Parser, Start),
            "GetInstance" => Unary(call, GetInstanceRequest.Parser, Get),
            "WaitForInstanceStart" => Unary(call, GetInstanceRequest.Parser, request => Wait(request, HasStarted, call.Caller)),
            "WaitForInstanceCompletion" => Unary(call, GetInstanceRequest.Parser, request => Wait(request, static instance => instance.IsFinished, call.Caller)),
            "RaiseEvent" => Unary(call, RaiseEventRequest.Parser, Raise),
            "TerminateInstance" => Unary(call, TerminateRequest.Parser, Terminate),
            "SuspendInstance" => Unary(call, SuspendRequest.Parser, Suspend),
            "ResumeInstance" => Unary(call, ResumeRequest.Parser, Resume),
            "RewindInstance" => Unary(call, RewindInstanceRequest.Parser, Rewind),
            "RestartInstance" => Unary(call, RestartInstanceRequest.Parser, Restart),
            "QueryInstances" => Unary(call, QueryInstancesRequest.Parser, request => Query(request, call.Caller)),
            "PurgeInstances" => Unary(call, PurgeInstancesRequest.Parser, Purge),
            "StreamInstanceHistory" => History(call),
            "CreateTaskHub" => Unary(call, CreateTaskHubRequest.Parser, CreateTaskHub),
            "DeleteTaskHub" => throw Not("A hub is not deleted while it works: stop the local host and start it with fresh state."),
            "SignalEntity" or "GetEntity" or "QueryEntities" or "CleanEntityStorage" => throw Not("This local host has no entities."),
            "GetWorkItems" or "CompleteActivityTask" or "CompleteOrchestratorTask" or "CompleteEntityTask"
                or "AbandonTaskActivityWorkItem" or "AbandonTaskOrchestratorWorkItem" or "AbandonTaskEntityWorkItem" =>
                throw Not("Work goes to the handler by HTTP, not by this service."),
            _ => throw Not("This service has no such method."),
        };
    }

    private static async Task Unary<TRequest, TReply>(SidecarCall call, MessageParser<TRequest> parser, Func<TRequest, Task<TReply>> answer)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage =>
        await call.Write(await answer(await call.Read(parser)));

    private static RpcException Not(string message) => new(GrpcStatus.Unimplemented, message);

    /// <summary>The extension makes clients for other hubs too; here is only the one.</summary>
    private static void Check(SidecarCall call, string header, string expected)
    {
        if (call.Header(header) is { } asked && !asked.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"{header} is '{asked}': this local host has only '{expected}'.");
        }
    }

    private static bool HasStarted(InstanceRecord instance) => instance.Status != OrchestrationStatus.Pending;

    private static InstanceFilter Filter(IEnumerable<OrchestrationStatus> statuses, Timestamp? from, Timestamp? to, string? prefix = null) => new()
    {
        Statuses = [.. statuses],
        CreatedFrom = RpcTime.Of(from, "time from"),
        CreatedTo = RpcTime.Of(to, "time to"),
        Prefix = prefix ?? "",
    };

    private static GetInstanceResponse Found(InstanceRecord instance, GetInstanceRequest request) =>
        new() { Exists = true, OrchestrationState = SidecarStates.Of(instance, request.GetInputsAndOutputs) };

    private async Task<CreateInstanceResponse> Start(CreateInstanceRequest request) =>
        new() { InstanceId = await client.Operations.Start(request, client.Ends) };

    private async Task<GetInstanceResponse> Get(GetInstanceRequest request) =>
        await client.Operations.Get(request.InstanceId, client.Ends) is { } instance ? Found(instance, request) : new GetInstanceResponse();

    private async Task<GetInstanceResponse> Wait(GetInstanceRequest request, Func<InstanceRecord, bool> isSo, CancellationToken caller) =>
        Found(await client.Waits.Until(request.InstanceId, isSo, caller), request);

    private async Task<RaiseEventResponse> Raise(RaiseEventRequest request)
    {
        await client.Operations.Raise(request, client.Ends);
        return new RaiseEventResponse();
    }

    private async Task<TerminateResponse> Terminate(TerminateRequest request)
    {
        await client.Operations.Terminate(request, client.Ends);
        return new TerminateResponse();
    }

    private async Task<SuspendResponse> Suspend(SuspendRequest request)
    {
        await client.Operations.Suspend(request, client.Ends);
        return new SuspendResponse();
    }

    private async Task<ResumeResponse> Resume(ResumeRequest request)
    {
        await client.Operations.Resume(request, client.Ends);
        return new ResumeResponse();
    }

    private async Task<RewindInstanceResponse> Rewind(RewindInstanceRequest request)
    {
        await client.Restarts.Rewind(request.InstanceId, client.Ends);
        return new RewindInstanceResponse();
    }

    private async Task<RestartInstanceResponse> Restart(RestartInstanceRequest request)
    {
        try
        {
            return new RestartInstanceResponse { InstanceId = await client.Restarts.Restart(request.InstanceId, request.RestartWithNewInstanceId, client.Ends) };
        }
        catch (RpcException refusal) when (refusal.Status == GrpcStatus.AlreadyExists)
        {
            throw new RpcException(GrpcStatus.FailedPrecondition, refusal.Message);
        }
    }

    private async Task<QueryInstancesResponse> Query(QueryInstancesRequest request, CancellationToken caller)
    {
        var query = request.Query ?? new InstanceQuery();
        if (query.TaskHubNames.Count > 0 && !query.TaskHubNames.Contains(client.HubName, StringComparer.OrdinalIgnoreCase))
        {
            return new QueryInstancesResponse();
        }

        var page = await client.Queries.Page(
            Filter(query.RuntimeStatus, query.CreatedTimeFrom, query.CreatedTimeTo, query.InstanceIdPrefix),
            query.MaxInstanceCount,
            query.ContinuationToken is { Length: > 0 } token ? token : null,
            query.FetchInputsAndOutputs ? InstancePayloads.Both : InstancePayloads.None,
            caller);
        return new QueryInstancesResponse
        {
            OrchestrationState = { page.Instances.Select(instance => SidecarStates.Of(instance, query.FetchInputsAndOutputs)) },
            ContinuationToken = page.Next,
        };
    }

    private async Task<PurgeInstancesResponse> Purge(PurgeInstancesRequest request)
    {
        var purged = request.RequestCase switch
        {
            PurgeInstancesRequest.RequestOneofCase.InstanceId =>
                new InstancesPurged(await client.Operations.Purge(request.InstanceId, client.Ends) ? 1 : 0, true),
            PurgeInstancesRequest.RequestOneofCase.InstanceBatch => await client.Purge.All(request.InstanceBatch.InstanceIds, client.Ends),
            PurgeInstancesRequest.RequestOneofCase.PurgeInstanceFilter => await Purge(request.PurgeInstanceFilter),
            _ => throw new RpcException(GrpcStatus.InvalidArgument, "A purge names an instance, several instances or a filter."),
        };
        return new PurgeInstancesResponse { DeletedInstanceCount = purged.Count, IsComplete = purged.IsComplete };
    }

    private Task<InstancesPurged> Purge(PurgeInstanceFilter filter) => client.Purge.All(
        Filter(filter.RuntimeStatus, filter.CreatedTimeFrom, filter.CreatedTimeTo), RpcTime.Of(filter.Timeout, "timeout"), client.Ends);

    private async Task History(SidecarCall call)
    {
        var request = await call.Read(StreamInstanceHistoryRequest.Parser);
        var history = await client.Queries.History(request.InstanceId, client.Ends)
            ?? throw new RpcException(GrpcStatus.NotFound, "There is no such instance.");
        foreach (var chunk in SidecarStates.Chunks(history))
        {
            await call.Write(chunk);
        }
    }

    private static Task<CreateTaskHubResponse> CreateTaskHub(CreateTaskHubRequest request) => request.RecreateIfExists
        ? throw Not("A hub is not made anew while it works: stop the local host and start it with fresh state.")
        : Task.FromResult(new CreateTaskHubResponse());
}
