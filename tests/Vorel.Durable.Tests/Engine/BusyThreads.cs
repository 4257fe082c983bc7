namespace Vorel.Durable.Tests.Engine;

/// <summary>A pool without a free thread, until the test says so.</summary>
internal sealed class BusyThreads : TaskScheduler
{
    private readonly Queue<Task> _waiting = new();

    /// <summary>Runs what waits, on the caller's thread.</summary>
    public void RunAll()
    {
        while (_waiting.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task) => _waiting.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _waiting];
}
