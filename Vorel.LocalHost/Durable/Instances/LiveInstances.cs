using System.Collections.Concurrent;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Instances;

/// <summary>
/// The instances that have something left to do. Finished ones leave memory and are read from the table. Who calls anything here
/// holds the gate of the instance concerned.
/// </summary>
/// <param name="store">Where they are written.</param>
/// <param name="queues">What they have to do.</param>
/// <param name="chaos">What goes wrong on purpose.</param>
internal sealed class LiveInstances(HubStore store, HubQueues queues, Chaos chaos)
{
    private readonly ConcurrentDictionary<string, LiveInstance> _byId = new(StringComparer.Ordinal);

    public LiveInstance? Find(string instanceId) => _byId.GetValueOrDefault(instanceId);

    /// <summary>The instance if it is still at that execution; the answer to what an earlier execution asked for concerns nobody.</summary>
    public LiveInstance? Find(string instanceId, string executionId) =>
        Find(instanceId) is { } instance && instance.Record.ExecutionId == executionId ? instance : null;

    /// <summary>Takes an instance in and queues all that it has to do.</summary>
    public void Add(LiveInstance instance)
    {
        _byId[instance.Id] = instance;
        Queue(instance, instance.Activities.Values, instance.Timers.Select(timer => new ScheduledTimer(timer.Key, timer.Value)), instance.Sends.Values);
        if (instance.Inbox.Count > 0)
        {
            queues.ScheduleTurn(instance);
        }
    }

    public void Queue(
        LiveInstance instance, IEnumerable<ScheduledActivity> activities, IEnumerable<ScheduledTimer> timers, IEnumerable<OutgoingMessage> sends)
    {
        foreach (var activity in activities)
        {
            queues.Activities.Add(new ActivityWork(instance.Id, activity));
        }

        foreach (var timer in timers)
        {
            queues.Timers.Add(new DueTimer(timer.FireAt, instance.Id, instance.Record.ExecutionId, timer.Id));
        }

        foreach (var send in sends)
        {
            queues.Sends.Add(new SendWork(instance.Id, send));
        }
    }

    /// <summary>
    /// Writes an event into the inbox, in one transaction with the deletion of the row that it settles, and lets the instance take
    /// its turn. Nothing has happened until this returns.
    /// </summary>
    public async Task Append(LiveInstance instance, HistoryEvent inbound, string? settles, CancellationToken cancellationToken)
    {
        await Write(instance, inbound, settles, cancellationToken);
        while (chaos.Doubles(inbound))
        {
            await Write(instance, inbound, settles: null, cancellationToken);
        }
    }

    /// <summary>Lets go of an instance that has nothing left to do.</summary>
    public void Release(LiveInstance instance)
    {
        if (instance.IsDone)
        {
            _byId.TryRemove(KeyValuePair.Create(instance.Id, instance));
        }
    }

    /// <summary>Lets go of an instance that was purged.</summary>
    public void Forget(string instanceId) => _byId.TryRemove(instanceId, out _);

    public static string Row(LiveInstance instance, string kind, long number) => HubKeys.Row(kind, instance.Record.ExecutionId, number);

    private async Task Write(LiveInstance instance, HistoryEvent inbound, string? settles, CancellationToken cancellationToken)
    {
        var number = instance.LastInbox + 1;
        List<HubWrite> writes = [new HubWrite.Insert(Row(instance, HubKeys.Inbox, number), HubRows.InboxEvent(inbound))];
        if (settles is not null)
        {
            writes.Add(new HubWrite.Delete(settles));
        }

        await store.Commit(HubKeys.Partition(instance.Id), writes, cancellationToken);
        instance.LastInbox = number;
        instance.Inbox.Enqueue(new InboxEvent(number, inbound));
        queues.ScheduleTurn(instance);
    }
}
