using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// Runs activities. An activity's row goes in the transaction that writes its result, so that a host which dies in between runs
/// the activity again, and a second result for it finds no row and is dropped.
/// </summary>
internal sealed class ActivityDispatcher(
    HubStore store, LiveInstances live, InstanceGates gates, HubQueues queues, ActivityCaller caller, Chaos chaos, ILogger logger)
{
    public async Task Run(ActivityWork work, CancellationToken cancellationToken)
    {
        using (await gates.Enter(work.InstanceId, cancellationToken))
        {
            if (Waiting(work) is null)
            {
                return;
            }
        }

        var result = await caller.Call(work.InstanceId, work.Activity, cancellationToken);

        while (result is not null && chaos.LosesResult())
        {
            result = await caller.Call(work.InstanceId, work.Activity, cancellationToken);
        }

        // A call that broke because everything stops says nothing about the activity: it runs again after the start.
        cancellationToken.ThrowIfCancellationRequested();
        if (result is null)
        {
            DurableLogs.ActivityTimedOut(logger, work.InstanceId, work.Activity.Name);
            _ = queues.AddLater(queues.Activities, work with { Aborted = work.Aborted + 1 }, work.Aborted + 1, cancellationToken);
            return;
        }

        using (await gates.Enter(work.InstanceId, cancellationToken))
        {
            if (Waiting(work) is not { } instance)
            {
                return;
            }

            if (instance.Record.IsFinished || instance.Record.ExecutionId != work.Activity.ExecutionId)
            {
                await store.DeleteAll(HubKeys.Partition(instance.Id), [work.Activity.RowKey], cancellationToken);
            }
            else
            {
                await live.Append(instance, result, work.Activity.RowKey, cancellationToken);
            }

            instance.Activities.Remove(work.Activity.RowKey);
            live.Release(instance);
        }
    }

    private LiveInstance? Waiting(ActivityWork work) =>
        live.Find(work.InstanceId) is { } instance && instance.Activities.ContainsKey(work.Activity.RowKey) ? instance : null;
}
