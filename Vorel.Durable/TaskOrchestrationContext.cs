using Microsoft.Extensions.Logging;

namespace Vorel.Durable;

/// <summary>
/// Everything an orchestrator may use: its members are part of the history and come out the same on every replay. They may be
/// called from the orchestrator's own code only, never from another thread.
/// </summary>
public abstract class TaskOrchestrationContext
{
    /// <summary>The longest event-free wait of one timer. Longer ones are split: the host's queues hold no message for more than 7 days.</summary>
    public static readonly TimeSpan MaximumTimerInterval = TimeSpan.FromDays(3);

    /// <summary>
    /// How often, and after which waits, a sub-orchestration is called again that did not fail by itself: the process died under it, or
    /// could not be reached. Eight calls in all, after 5, 10, 20, 40, 80, 160 and 300 seconds. It needs no policy of the caller's,
    /// and counts against none: neither its calls do, nor the time they and the waits after them take.
    /// </summary>
    public static readonly RetryPolicy InterruptedSubOrchestrationRetry = new(
        maxNumberOfAttempts: 8, TimeSpan.FromSeconds(5), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(5));

    /// <summary>The orchestrator's name.</summary>
    public abstract string Name { get; }

    /// <summary>The instance's id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>Orchestration time, UTC: moves only between turns.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while the code runs over steps that were taken in earlier turns.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Calls an activity.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="input">Ids, counts and codes; its type needs source-generated JSON metadata.</param>
    /// <param name="options">Retries.</param>
    /// <exception cref="TaskFailedException">It failed for good.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null);

    /// <summary>Calls an activity whose answer does not matter.</summary>
    /// <inheritdoc cref="CallActivityAsync{TResult}"/>
    public abstract Task CallActivityAsync(string name, object? input = null, TaskOptions? options = null);

    /// <summary>
    /// Runs another orchestration as a part of this one. Its instance id is computed from this execution's and the attempt's; none can
    /// be chosen, because a child of a chosen id that is still running when its parent is started again would run twice, or
    /// leave the parent waiting for ever. Terminating this instance does not end the child.
    /// </summary>
    /// <param name="name">The orchestrator's name.</param>
    /// <param name="input">Ids, counts and codes; its type needs source-generated JSON metadata.</param>
    /// <param name="options">Retries of what the child itself reports as failed. Interruptions follow <see cref="InterruptedSubOrchestrationRetry"/>.</param>
    /// <exception cref="TaskFailedException">
    /// It failed for good; by interruptions alone, if <see cref="TaskFailureDetails.IsInfrastructure"/> is true.
    /// </exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(string name, object? input = null, TaskOptions? options = null);

    /// <summary>Runs another orchestration whose result does not matter.</summary>
    /// <inheritdoc cref="CallSubOrchestratorAsync{TResult}"/>
    public abstract Task CallSubOrchestratorAsync(string name, object? input = null, TaskOptions? options = null);

    /// <summary>
    /// Ends this execution when the code returns, and starts the orchestration again under the same id with a new input and an empty
    /// history. What the code returns is dropped; what it throws fails the instance all the same.
    /// <para>After the call the code may await what it began before, use time, ids, custom status and logs, and return. Any further
    /// step, a second <see cref="ContinueAsNew"/> included, fails the instance. Activities and sub-orchestrations that are open when
    /// the code returns run on, and their results go nowhere; open timers are dropped.</para>
    /// </summary>
    /// <param name="newInput">The next execution's input.</param>
    /// <param name="preserveUnprocessedEvents">
    /// Hand all events that nobody took to the next execution, in order; from this call on nobody takes one. False: drop them.
    /// </param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>
    /// Sends an event to an orchestration, at least once; if there is none of that id, to nobody.
    /// </summary>
    /// <param name="instanceId">The receiver.</param>
    /// <param name="eventName">The event's name; case does not matter.</param>
    /// <param name="payload">Ids, counts and codes; its type needs source-generated JSON metadata.</param>
    public abstract void SendEvent(string instanceId, string eventName, object? payload = null);

    /// <summary>Waits until a point in orchestration time, UTC. One in the past ends at once. Cancel a timer that lost a race.</summary>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for a span of orchestration time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It ends after the last day of the calendar.</exception>
    public Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime + delay, cancellationToken);

    /// <summary>
    /// Waits for an event by name (ignoring case). Events that came before anyone waited are kept in order; among several waiters
    /// the newest gets the event. A cancelled waiter takes none.
    /// </summary>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for an event, at most for a span of orchestration time. <see cref="Timeout.InfiniteTimeSpan"/>, or a span that ends after the
    /// last day of the calendar, is no limit; zero or less takes only an event that is there.
    /// </summary>
    /// <exception cref="TaskCanceledException">The time ran out first, or <paramref name="cancellationToken"/> was cancelled.</exception>
    public abstract Task<T> WaitForExternalEvent<T>(
        string eventName, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>A UUID that is the same on every replay: a hash of instance, execution, time and a counter.</summary>
    public abstract Guid NewGuid();

    /// <summary>Sets what the status API shows as custom status; null clears it. At most 16 KiB as UTF-16 JSON, no customer data.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>A logger that is silent while steps are replayed, so that each line is written once.</summary>
    public abstract ILogger CreateReplaySafeLogger(ILogger logger);

    /// <summary>A replay-safe logger of this category.</summary>
    public abstract ILogger CreateReplaySafeLogger(string categoryName);

    /// <summary>A replay-safe logger named after a type.</summary>
    public ILogger CreateReplaySafeLogger<T>() => CreateReplaySafeLogger(typeof(T).FullName ?? typeof(T).Name);
}
