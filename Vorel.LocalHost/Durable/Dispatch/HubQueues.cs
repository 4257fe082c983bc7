using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Dispatch;

/// <summary>An activity of one execution.</summary>
internal sealed record ActivityWork(string InstanceId, string ExecutionId, ScheduledActivity Activity);

/// <summary>An event that one execution sends.</summary>
internal sealed record SendWork(string InstanceId, string ExecutionId, OutgoingEvent Event);

/// <summary>Everything that waits to be done, in memory, within the concurrency that host.json allows.</summary>
internal sealed class HubQueues
{
    /// <summary>Writes of timers and events only touch storage; a few at a time keep it busy.</summary>
    private const int StorageConcurrency = 8;

    private readonly DomainClock _clock;

    public HubQueues(DurableSettings settings, DomainClock clock, ILogger logger)
    {
        _clock = clock;
        Turns = new WorkQueue<LiveInstance>("orchestrator turn", settings.MaxConcurrentOrchestrators, Quiescence, logger);
        Activities = new WorkQueue<ActivityWork>("activity", settings.MaxConcurrentActivities, Quiescence, logger);
        Sends = new WorkQueue<SendWork>("event to another instance", StorageConcurrency, Quiescence, logger);
        DueTimers = new WorkQueue<DueTimer>("timer", StorageConcurrency, Quiescence, logger);
        Timers = new TimerQueue(clock, DueTimers);
    }

    public Quiescence Quiescence { get; } = new();

    public WorkQueue<LiveInstance> Turns { get; }

    public WorkQueue<ActivityWork> Activities { get; }

    public WorkQueue<SendWork> Sends { get; }

    public WorkQueue<DueTimer> DueTimers { get; }

    public TimerQueue Timers { get; }

    /// <summary>
    /// Queues a turn unless one waits or runs already; the first one not before its time, unless it is to end the instance. The
    /// caller holds the instance's gate.
    /// </summary>
    public void ScheduleTurn(LiveInstance instance)
    {
        if (instance.TurnPending)
        {
            return;
        }

        if (instance.Start is { } start)
        {
            if (start.FireAt > _clock.GetUtcNow() && !instance.Inbox.Any(item => item.Event.ExecutionTerminated is not null))
            {
                Timers.Add(start);
                return;
            }

            Timers.Remove(start);
        }

        instance.TurnPending = true;
        Turns.Add(instance);
    }
}
