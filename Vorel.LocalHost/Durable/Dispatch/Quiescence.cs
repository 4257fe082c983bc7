namespace Vorel.LocalHost.Durable.Dispatch;

/// <summary>Counts the work that can go on without time passing, and tells when none is left.</summary>
internal sealed class Quiescence
{
    private readonly Lock _gate = new();
    private int _busy;
    private TaskCompletionSource? _idle;

    public void Enter()
    {
        lock (_gate)
        {
            _busy++;
        }
    }

    public void Exit()
    {
        lock (_gate)
        {
            if (--_busy == 0)
            {
                _idle?.SetResult();
                _idle = null;
            }
        }
    }

    /// <summary>Completes when nothing is at work. By the time the waiter runs there may be something again.</summary>
    public Task WhenIdle(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _busy == 0
                ? Task.CompletedTask
                : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }
}
