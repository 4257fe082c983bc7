using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Turns;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>What a start may ask for besides function, id and input.</summary>
internal static class StartRules
{
    private const int MaxVersion = 1024;
    private const int MaxTags = 16 * 1024;

    /// <exception cref="RpcException">InvalidArgument: too long to be kept. Unimplemented: it is to replace an instance at work.</exception>
    public static void Check(CreateInstanceRequest request)
    {
        if (request.Version is { Length: > MaxVersion })
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"A version has at most {MaxVersion} characters.");
        }

        if (request.Tags.Sum(tag => (long)tag.Key.Length + tag.Value.Length) > MaxTags)
        {
            throw new RpcException(GrpcStatus.InvalidArgument, $"The tags have more than {MaxTags} characters.");
        }

        if (request.OrchestrationIdReusePolicy?.ReplaceableStatus.Any(status => !InstanceRecord.IsEnd(status)) == true)
        {
            throw new RpcException(GrpcStatus.Unimplemented, "This local host replaces only instances that have ended: terminate it first.");
        }
    }

    /// <summary>The domain time of the first turn, or null for at once: a client that has none in mind may send one in the past.</summary>
    /// <exception cref="RpcException">InvalidArgument: no time, or further away than the message of a start can stay hidden.</exception>
    public static DateTimeOffset? StartsAt(CreateInstanceRequest request, DateTimeOffset now)
    {
        if (RpcTime.Of(request.ScheduledStartTimestamp, "scheduled start") is not { } start || start <= now)
        {
            return null;
        }

        return start - now <= TurnActions.LongestTimer
            ? start
            : throw new RpcException(GrpcStatus.InvalidArgument, $"The start is due at {start:O}, more than {TurnActions.LongestTimer.Days} days from now.");
    }

    /// <summary>Holds a start to the states of an ended instance that it may replace; without a policy it may replace any.</summary>
    /// <exception cref="RpcException">AlreadyExists.</exception>
    public static void CheckReuse(OrchestrationIdReusePolicy? policy, InstanceRecord? ended)
    {
        if (policy is not null && ended is not null && !policy.ReplaceableStatus.Contains(ended.Status))
        {
            throw new RpcException(GrpcStatus.AlreadyExists, $"An orchestration with the instance id '{ended.InstanceId}' is {ended.Status} and not to be replaced.");
        }
    }
}
