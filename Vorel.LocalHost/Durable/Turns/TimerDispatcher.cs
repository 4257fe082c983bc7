using Vorel.LocalHost.Durable.Dispatch;
using Vorel.LocalHost.Durable.Instances;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>
/// Turns a timer that is due into an event: the timer's row goes in the transaction that writes the event. What a start for a later
/// time waits with is in the inbox already.
/// </summary>
internal sealed class TimerDispatcher(LiveInstances live, InstanceGates gates, HubQueues queues, TimeProvider domain)
{
    public async Task Run(DueTimer timer, CancellationToken cancellationToken)
    {
        using (await gates.Enter(timer.InstanceId, cancellationToken))
        {
            if (live.Find(timer.InstanceId, timer.ExecutionId) is not { } instance)
            {
                return;
            }

            if (timer.Id == DueTimer.Start)
            {
                // Where a termination came first, the first turn has been already.
                if (instance.Start is not null)
                {
                    queues.ScheduleTurn(instance);
                }

                return;
            }

            if (!instance.Timers.ContainsKey(timer.Id))
            {
                return;
            }

            var fired = Events.TimerFired(domain.GetUtcNow(), timer.Id, timer.FireAt);
            await live.Append(instance, fired, LiveInstances.Row(instance, HubKeys.Timer, timer.Id), cancellationToken);
            instance.Timers.Remove(timer.Id);
        }
    }
}
