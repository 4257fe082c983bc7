using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Dispatch;

/// <summary>An activity of an instance.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Activity">What to call.</param>
/// <param name="Aborted">How often the call timed out already.</param>
internal sealed record ActivityWork(string InstanceId, ScheduledActivity Activity, int Aborted = 0);

/// <summary>A message that an instance sends.</summary>
internal sealed record SendWork(string InstanceId, OutgoingMessage Message);

/// <summary>Everything that waits to be done, in memory, within the concurrency that host.json allows.</summary>
internal sealed class HubQueues
{
    /// <summary>The most events of one turn.</summary>
    public const int MaxBatch = 32;

    /// <summary>Writes of timers and events only touch storage; a few at a time keep it busy.</summary>
    private const int StorageConcurrency = 8;

    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMinutes(10);

    private readonly DomainClock _clock;

    public HubQueues(DurableSettings settings, DomainClock clock, ILogger logger)
    {
        _clock = clock;
        Turns = new WorkQueue<LiveInstance>("orchestrator turn", settings.MaxConcurrentOrchestrators, Quiescence, logger);
        Activities = new WorkQueue<ActivityWork>("activity", settings.MaxConcurrentActivities, Quiescence, logger);
        Sends = new WorkQueue<SendWork>("message to another instance", StorageConcurrency, Quiescence, logger);
        DueTimers = new WorkQueue<DueTimer>("timer", StorageConcurrency, Quiescence, logger);
        Timers = new TimerQueue(clock, DueTimers);
    }

    public Quiescence Quiescence { get; } = new();

    public WorkQueue<LiveInstance> Turns { get; }

    public WorkQueue<ActivityWork> Activities { get; }

    public WorkQueue<SendWork> Sends { get; }

    public WorkQueue<DueTimer> DueTimers { get; }

    public TimerQueue Timers { get; }

    /// <summary>Queues work again that timed out: after 2 s, then 4, 8 … of real time, as the Azure Storage backend does.</summary>
    /// <param name="queue">Where to.</param>
    /// <param name="work">What.</param>
    /// <param name="aborted">How often it has timed out; at least 1.</param>
    /// <param name="stopping">The hub stops: the rows bring the work back.</param>
    public async Task AddLater<T>(WorkQueue<T> queue, T work, int aborted, CancellationToken stopping)
    {
        Quiescence.Enter();
        try
        {
            var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(aborted, 16)));
            await Task.Delay(delay < s_longestRetry ? delay : s_longestRetry, _clock.Real, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
            {
                queue.Add(work);
            }
        }
        finally
        {
            Quiescence.Exit();
        }
    }

    /// <summary>
    /// Queues a turn unless one waits or runs already; the first one not before its time, unless it is to end the instance and not to
    /// begin it first. The caller holds the instance's gate.
    /// </summary>
    public void ScheduleTurn(LiveInstance instance)
    {
        if (instance.TurnPending)
        {
            return;
        }

        if (instance.Start is { } start)
        {
            if (start.FireAt > _clock.GetUtcNow() && !instance.Inbox.Take(MaxBatch).Any(item => item.Event.ExecutionTerminated is not null))
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
