using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// Runs activities. An activity's row goes in the transaction that writes its result, so that a host which dies in between runs
/// the activity again, and a second result for it finds no row and is dropped.
/// </summary>
internal sealed class ActivityDispatcher(HubStore store, LiveInstances live, InstanceGates gates, ActivityCaller caller)
{
    public async Task Run(ActivityWork work, CancellationToken cancellationToken)
    {
        if (live.Find(work.InstanceId, work.ExecutionId) is null)
        {
            return;
        }

        var result = await caller.Call(work.InstanceId, work.Activity, cancellationToken);

        // A call that broke because everything stops says nothing about the activity: it runs again after the start.
        cancellationToken.ThrowIfCancellationRequested();
        using (await gates.Enter(work.InstanceId, cancellationToken))
        {
            if (live.Find(work.InstanceId, work.ExecutionId) is not { } instance || !instance.Activities.ContainsKey(work.Activity.Id))
            {
                return;
            }

            var row = LiveInstances.Row(instance, HubKeys.Task, work.Activity.Id);
            if (instance.Record.IsFinished)
            {
                await store.DeleteAll(HubKeys.Partition(instance.Id), [row], cancellationToken);
            }
            else
            {
                await live.Append(instance, result, row, cancellationToken);
            }

            instance.Activities.Remove(work.Activity.Id);
            live.Release(instance);
        }
    }
}
