using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// Delivers events that orchestrations send. Sender and receiver lie in two partitions: a host that dies in between delivers the
/// event twice, as Azure may.
/// </summary>
internal sealed class SendDispatcher(HubStore store, LiveInstances live, InstanceGates gates, TimeProvider domain, ILogger logger)
{
    public async Task Run(SendWork work, CancellationToken cancellationToken)
    {
        var target = work.Event.InstanceId;
        using (await gates.Enter(target, cancellationToken))
        {
            if (live.Find(target) is { Record.IsFinished: false } receiver)
            {
                var raised = Events.EventRaised(domain.GetUtcNow(), work.Event.Name, work.Event.Input);
                await live.Append(receiver, raised, settles: null, cancellationToken);
            }
            else
            {
                DurableLogs.EventDropped(logger, work.InstanceId, target);
            }
        }

        using (await gates.Enter(work.InstanceId, cancellationToken))
        {
            if (live.Find(work.InstanceId, work.ExecutionId) is { } sender && sender.Sends.ContainsKey(work.Event.Id))
            {
                await store.DeleteAll(HubKeys.Partition(sender.Id), [LiveInstances.Row(sender, HubKeys.Send, work.Event.Id)], cancellationToken);
                sender.Sends.Remove(work.Event.Id);
                live.Release(sender);
            }
        }
    }
}
