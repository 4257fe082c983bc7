namespace Vorel.Durable.Replay;

/// <summary>
/// Runs an orchestrator's continuations on the one thread that replays its history, and only while that thread pumps. What comes
/// from any other thread was awaited outside the history: it is noted and never run.
/// </summary>
internal sealed class TurnScheduler(Action foreignContinuation) : TaskScheduler
{
    private readonly Queue<Task> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _closed;
    private bool _stopped;
    private volatile bool _sawForeign;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Something other than the history moved the code on.</summary>
    public bool SawForeign => _sawForeign;

    /// <summary>The caller is the turn's own thread, and the turn is not over.</summary>
    // Thread ids are used again, so a late caller may bear ours: after the end nobody is.
    public bool OnTurn => !_closed && Environment.CurrentManagedThreadId == _thread;

    /// <summary>Starts code as if it were a continuation.</summary>
    public Task<T> Start<T>(Func<Task<T>> code) =>
        Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs until nothing is ready.</summary>
    public void Pump()
    {
        while (!_stopped && _ready.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    /// <summary>The code has ended: what it left running does not go on, even where the same event moved both.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Ends the turn: nothing runs any more.</summary>
    public void Close() => _closed = true;

    /// <summary>Notes that another thread took a hand. Never throws: on a timer's thread that would end the process.</summary>
    public void NoteForeign()
    {
        _sawForeign = true;
        foreignContinuation();
    }

    protected override void QueueTask(Task task)
    {
        if (OnTurn)
        {
            _ready.Enqueue(task);
        }
        else
        {
            NoteForeign();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => OnTurn && !_stopped && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready];
}
