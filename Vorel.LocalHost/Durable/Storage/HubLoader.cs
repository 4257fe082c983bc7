using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Storage;

/// <summary>
/// Rebuilds everything that is at work from one scan of the table, and takes away what a crash left half done: rows of an execution
/// that is no longer the instance's (but for what it had begun), rows of a turn that was never committed, rows of a purged instance.
/// </summary>
internal static class HubLoader
{
    public static async IAsyncEnumerable<LiveInstance> Load(
        HubStore store, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var partition = new List<HubRow>();
        await foreach (var row in store.Scan(cancellationToken))
        {
            if (partition.Count > 0 && partition[0].PartitionKey != row.PartitionKey)
            {
                if (await Rebuild(store, partition, cancellationToken) is { } instance)
                {
                    yield return instance;
                }

                partition.Clear();
            }

            partition.Add(row);
        }

        if (partition.Count > 0 && await Rebuild(store, partition, cancellationToken) is { } last)
        {
            yield return last;
        }
    }

    private static async Task<LiveInstance?> Rebuild(HubStore store, List<HubRow> rows, CancellationToken cancellationToken)
    {
        var instance = rows.Find(row => HubKeys.IsInstance(row.RowKey)) is { } own ? new LiveInstance(HubRows.ReadInstance(own.Columns)) : null;
        var garbage = rows.Where(row => !HubKeys.IsInstance(row.RowKey) && !Take(instance, row)).Select(row => row.RowKey).ToList();
        await store.DeleteAll(rows[0].PartitionKey, garbage, cancellationToken);
        return instance is { IsDone: false } ? instance : null;
    }

    private static bool Take(LiveInstance? instance, HubRow row)
    {
        if (!HubKeys.TryParse(row.RowKey, out var key))
        {
            throw new InvalidDataException($"The durable hub's table holds a row '{row.RowKey}' that it did not write: start with fresh state.");
        }

        if (instance is null)
        {
            return false;
        }

        var record = instance.Record;
        switch (key.Kind)
        {
            case HubKeys.Task when IsCommitted(record, row):
                instance.Activities[row.RowKey] = HubRows.ReadActivity(key.Execution, key.Number, row.Columns);
                return true;
            case HubKeys.Send when IsCommitted(record, row):
                instance.Sends[row.RowKey] = HubRows.ReadSend(key.Execution, key.Number, row.Columns);
                return true;
            case var _ when key.Execution != record.ExecutionId:
                return false;
            case HubKeys.History:
                return key.Number <= record.Chunks;
            case HubKeys.Inbox when !record.IsFinished:
                instance.Inbox.Enqueue(new InboxEvent(key.Number, HubRows.ReadEvent(row.Columns)));
                instance.LastInbox = key.Number;
                return true;
            case HubKeys.Timer when !record.IsFinished && IsCommitted(record, row):
                instance.Timers[(int)key.Number] = HubRows.ReadTimer(row.Columns);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Turns are counted over all executions of a started instance, so that what an execution left to do before it continued as new is
    /// recognised. A start counts from nothing: what is left of before it is not.
    /// </summary>
    private static bool IsCommitted(InstanceRecord record, HubRow row) => (int)row.Columns[HubRows.Turn] <= record.Turns;
}
