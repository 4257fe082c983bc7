using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Storage;
using Vorel.LocalHost.Durable.Turns;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>Begins instances, for clients and for parents.</summary>
internal sealed class InstanceStarts(HubStore store, LiveInstances live, InstanceGates gates, TimeProvider real)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>A new instance's record, as its first event tells it.</summary>
    public static InstanceRecord Record(ExecutionStartedEvent start, DateTimeOffset now) => new()
    {
        InstanceId = start.OrchestrationInstance.InstanceId,
        Name = start.Name,
        Version = start.Version,
        ExecutionId = start.OrchestrationInstance.ExecutionId!,
        Status = OrchestrationStatus.Pending,
        CreatedAt = now,
        UpdatedAt = now,
        Input = start.Input,
        Parent = start.ParentInstance,
    };

    /// <summary>
    /// Enters an instance's gate when nothing that it owes to others would be lost with it: an ended instance may have messages to
    /// deliver yet, such as its end to its parent.
    /// </summary>
    public async Task<InstanceGates.Holder> Enter(string instanceId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var gate = await gates.Enter(instanceId, cancellationToken);
            if (!Owes(live.Find(instanceId)))
            {
                return gate;
            }

            gate.Dispose();
            await Task.Delay(s_pause, real, cancellationToken);
        }
    }

    /// <summary>True for an ended instance with messages to deliver.</summary>
    public static bool Owes(LiveInstance? instance) => instance is { Record.IsFinished: true, Sends.Count: > 0 };

    /// <summary>Who calls holds the instance's gate. Begins it, in place of an instance of the same id that has ended, with nothing left of what that was.</summary>
    public async Task Begin(InstanceRecord record, LiveInstance? present, InstanceRecord? ended, CancellationToken cancellationToken)
    {
        var started = Events.ExecutionStarted(record.CreatedAt, record);
        var instance = new LiveInstance(record with { Input = null }) { LastInbox = 1 };
        instance.Inbox.Enqueue(new InboxEvent(1, started));
        var partition = HubKeys.Partition(record.InstanceId);
        await store.Commit(
            partition,
            [
                new HubWrite.Upsert(HubKeys.Instance(partition), HubRows.NewInstance(record)),
                new HubWrite.Insert(LiveInstances.Row(instance, HubKeys.Inbox, 1), HubRows.InboxEvent(started)),
            ],
            cancellationToken);
        live.Add(instance);
        if (ended is not null)
        {
            await store.DeleteAll(partition, RowsOf(ended, present), cancellationToken);
        }
    }

    /// <summary>The rows of an instance that has ended, besides its own.</summary>
    public static IReadOnlyList<string> RowsOf(InstanceRecord record, LiveInstance? present) =>
    [
        .. Enumerable.Range(1, record.Chunks).Select(chunk => HubKeys.Row(HubKeys.History, record.ExecutionId, chunk)),
        .. present?.Activities.Keys.AsEnumerable() ?? [],
    ];
}
