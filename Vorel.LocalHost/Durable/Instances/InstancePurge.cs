using Vorel.Durable;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>Purges several instances. Those at work are passed over, as are those that others purge meanwhile.</summary>
internal sealed class InstancePurge(InstanceOperations operations, InstanceQueries queries, TimeProvider real)
{
    /// <summary>Purges what has ended and matches, one instance after the other, each whole.</summary>
    /// <param name="filter">Which instances; where it names no states, all states that are an end.</param>
    /// <param name="limit">After so much real time it begins no further one.</param>
    /// <param name="cancellationToken">Ends it between two instances.</param>
    public async Task<InstancesPurged> All(InstanceFilter filter, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var ends = (filter.Statuses.Count == 0 ? Enum.GetValues<Vorel.Durable.Protocol.OrchestrationStatus>() : filter.Statuses).Where(InstanceRecord.IsEnd).ToList();
        if (ends.Count == 0)
        {
            return new InstancesPurged(0, true);
        }

        var started = real.GetTimestamp();
        var count = 0;
        InstancePage? page = null;
        do
        {
            page = await queries.Page(filter with { Statuses = ends }, 0, page?.Next, InstancePayloads.None, cancellationToken);
            foreach (var instance in page.Instances)
            {
                if (limit is { } longest && real.GetElapsedTime(started) >= longest)
                {
                    return new InstancesPurged(count, false);
                }

                count += await One(instance.InstanceId, cancellationToken);
            }
        }
        while (page.Next is not null);
        return new InstancesPurged(count, true);
    }

    /// <summary>Purges those of the list that are there and have ended.</summary>
    /// <exception cref="RpcException">InvalidArgument: one cannot be an id.</exception>
    public async Task<InstancesPurged> All(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var id in instanceIds)
        {
            count += await One(id, cancellationToken);
        }

        return new InstancesPurged(count, true);
    }

    private async Task<int> One(string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            return await operations.Purge(instanceId, cancellationToken) ? 1 : 0;
        }
        catch (RpcException refusal) when (refusal.Status == GrpcStatus.FailedPrecondition)
        {
            return 0;
        }
    }
}

/// <summary>What a purge did.</summary>
/// <param name="Count">How many instances are gone.</param>
/// <param name="IsComplete">False where its time was up before it had seen them all.</param>
internal sealed record InstancesPurged(int Count, bool IsComplete);
