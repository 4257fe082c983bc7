using System.Text;
using System.Text.Json;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Storage;
using Vorel.LocalHost.Durable.Turns;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>
/// What clients ask of the hub. Each answers only after its rows are written. The token is the hub's own, not the caller's: a write
/// that was begun is seen through, or memory and table would disagree.
/// </summary>
internal sealed class InstanceOperations(
    HubStore store, LiveInstances live, InstanceStarts starts, InstanceGates gates, DurableFunctions functions, TimeProvider domain)
{
    private const int MaxEventName = 1024;
    private const int MaxReason = 8192;

    /// <summary>Starts an instance; an id whose instance has ended starts again, with nothing left of what it was.</summary>
    /// <exception cref="RpcException">AlreadyExists: it is at work. InvalidArgument: the request is wrong, whatever the state.</exception>
    public async Task<string> Start(CreateInstanceRequest request, CancellationToken cancellationToken)
    {
        var id = request.InstanceId.Length == 0 ? Guid.NewGuid().ToString("N") : CheckedId(request.InstanceId);
        var input = Payload(request.Input, "input");
        StartRules.Check(request);
        var startsAt = StartRules.StartsAt(request, domain.GetUtcNow());
        if (functions.Orchestrator(request.Name) is null)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"The orchestrator function '{request.Name}' does not exist.");
        }

        using (await starts.Enter(id, cancellationToken))
        {
            var earlier = live.Find(id);
            if (earlier is { Record.IsFinished: false })
            {
                throw new RpcException(GrpcStatus.AlreadyExists, $"An orchestration with the instance id '{id}' is {earlier.Record.Status}.");
            }

            var ended = earlier?.Record ?? await store.Instance(id, cancellationToken);
            StartRules.CheckReuse(request.OrchestrationIdReusePolicy, ended);
            await starts.Begin(Record(request, id, input, startsAt), earlier, ended, cancellationToken);
        }

        return id;
    }

    /// <summary>The instance with its input, output and status, or null.</summary>
    public async Task<InstanceRecord?> Get(string instanceId, CancellationToken cancellationToken) =>
        await store.Instance(CheckedId(instanceId), cancellationToken);

    /// <exception cref="RpcException">NotFound, FailedPrecondition: it has ended, InvalidArgument.</exception>
    public Task Raise(RaiseEventRequest request, CancellationToken cancellationToken)
    {
        if (request.Name.Length is 0 or > MaxEventName)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"An event has a name of at most {MaxEventName} characters.");
        }

        var raised = Events.EventRaised(domain.GetUtcNow(), request.Name, Payload(request.Input, "event"));
        return Deliver(request.InstanceId, raised, cancellationToken);
    }

    /// <inheritdoc cref="Raise"/>
    public Task Terminate(TerminateRequest request, CancellationToken cancellationToken)
    {
        CheckLength(request.Output, "reason");
        return Deliver(request.InstanceId, Events.ExecutionTerminated(domain.GetUtcNow(), request.Output), cancellationToken);
    }

    /// <summary>From its next turn on it steps no further until it is resumed; events still reach it.</summary>
    /// <inheritdoc cref="Raise"/>
    public Task Suspend(SuspendRequest request, CancellationToken cancellationToken)
    {
        CheckReason(request.Reason);
        return Deliver(request.InstanceId, Events.ExecutionSuspended(domain.GetUtcNow(), request.Reason), cancellationToken);
    }

    /// <inheritdoc cref="Raise"/>
    public Task Resume(ResumeRequest request, CancellationToken cancellationToken)
    {
        CheckReason(request.Reason);
        return Deliver(request.InstanceId, Events.ExecutionResumed(domain.GetUtcNow(), request.Reason), cancellationToken);
    }

    /// <summary>Takes an ended instance away with all its rows.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="RpcException">FailedPrecondition: it is at work.</exception>
    public async Task<bool> Purge(string instanceId, CancellationToken cancellationToken)
    {
        var partition = HubKeys.Partition(CheckedId(instanceId));
        using (await starts.Enter(instanceId, cancellationToken))
        {
            var present = live.Find(instanceId);
            if (present is { Record.IsFinished: false })
            {
                throw new RpcException(GrpcStatus.FailedPrecondition, $"The instance is {present.Record.Status}: only one that has ended is purged.");
            }

            if ((present?.Record ?? await store.Instance(instanceId, cancellationToken)) is not { } record)
            {
                return false;
            }

            // The instance's row goes first: what a crash leaves without it, the next start takes away.
            await store.DeleteAll(partition, [HubKeys.Instance(partition), .. InstanceStarts.RowsOf(record, present)], cancellationToken);
            live.Forget(instanceId);
            return true;
        }
    }

    /// <exception cref="RpcException">InvalidArgument.</exception>
    internal static string CheckedId(string instanceId) =>
        HubKeys.Refusal(instanceId) is { } refusal ? throw new RpcException(GrpcStatus.InvalidArgument, refusal) : instanceId;

    /// <summary>The payload, or null where there is none: some clients send an empty text for nothing.</summary>
    private static string? Payload(string? json, string what)
    {
        CheckLength(json, what);
        if (string.IsNullOrEmpty(json))
        {
            return null;
        }

        try
        {
            using var _ = JsonDocument.Parse(json);
            return json;
        }
        catch (JsonException)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"The {what} is not JSON.");
        }
    }

    /// <summary>The reason stands in the instance's row as one text.</summary>
    private static void CheckReason(string? reason)
    {
        if (reason is { Length: > MaxReason })
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"The reason is longer than {MaxReason} characters.");
        }
    }

    private static void CheckLength(string? text, string what)
    {
        if (text is not null && Encoding.UTF8.GetByteCount(text) > SplitColumn.MaxValue)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"The {what} is longer than the {SplitColumn.MaxValue} bytes that this local host stores.");
        }
    }

    private InstanceRecord Record(CreateInstanceRequest request, string id, string? input, DateTimeOffset? startsAt)
    {
        var now = domain.GetUtcNow();
        return new InstanceRecord
        {
            InstanceId = id,
            Name = request.Name,
            Version = request.Version,
            ExecutionId = Guid.NewGuid().ToString("N"),
            Status = OrchestrationStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            StartsAt = startsAt,
            Tags = request.Tags.ToDictionary(StringComparer.Ordinal),
            Input = input,
        };
    }

    private async Task Deliver(string instanceId, HistoryEvent inbound, CancellationToken cancellationToken)
    {
        CheckedId(instanceId);
        using (await gates.Enter(instanceId, cancellationToken))
        {
            if (live.Find(instanceId) is { Record.IsFinished: false } instance)
            {
                await live.Append(instance, inbound, settles: null, cancellationToken);
                return;
            }

            throw await store.Instance(instanceId, cancellationToken) is { } ended
                ? new RpcException(GrpcStatus.FailedPrecondition, $"The instance has ended: {ended.Status}.")
                : new RpcException(GrpcStatus.NotFound, "There is no such instance.");
        }
    }
}
