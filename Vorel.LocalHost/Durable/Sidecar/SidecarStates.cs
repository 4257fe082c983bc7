using Google.Protobuf.WellKnownTypes;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Sidecar;

/// <summary>Instances and histories as messages.</summary>
internal static class SidecarStates
{
    /// <summary>About how many bytes a part of a history has, as with the extension.</summary>
    private const int ChunkBytes = 2 * 1024 * 1024;

    /// <summary>The state of an instance; with input and output where they were asked for and read.</summary>
    public static OrchestrationState Of(InstanceRecord record, bool withPayloads) => new()
    {
        InstanceId = record.InstanceId,
        Name = record.Name,
        Version = record.Version,
        ExecutionId = record.ExecutionId,
        OrchestrationStatus = record.Status,
        ScheduledStartTimestamp = record.StartsAt?.ToTimestamp(),
        CreatedTimestamp = record.CreatedAt.ToTimestamp(),
        LastUpdatedTimestamp = record.UpdatedAt.ToTimestamp(),
        CompletedTimestamp = record.CompletedAt?.ToTimestamp(),
        CustomStatus = record.CustomStatus,
        Input = withPayloads ? record.Input : null,
        Output = withPayloads ? record.ShownOutput : null,
        ParentInstanceId = record.Parent?.OrchestrationInstance.InstanceId,
        Tags = { record.Tags.ToDictionary() },
    };

    public static IEnumerable<HistoryChunk> Chunks(IEnumerable<HistoryEvent> history)
    {
        var chunk = new HistoryChunk();
        var bytes = 0;
        foreach (var item in history)
        {
            var size = item.CalculateSize();
            if (bytes > 0 && bytes + size > ChunkBytes)
            {
                yield return chunk;
                chunk = new HistoryChunk();
                bytes = 0;
            }

            chunk.Events.Add(item);
            bytes += size;
        }

        if (bytes > 0)
        {
            yield return chunk;
        }
    }
}
