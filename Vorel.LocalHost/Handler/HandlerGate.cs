using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Handler;

/// <summary>
/// Where invocations wait while an instance's handler starts, and where they ask for its restart. Nobody learns the handler's address
/// otherwise, and the gate tells it for the instance's own functions alone.
/// </summary>
/// <param name="assignment">What the instance runs.</param>
/// <param name="patience">How long an invocation waits.</param>
/// <param name="giveUp">Stops the instance's host, which an invocation that has waited that long does.</param>
/// <param name="time">The machine's clock.</param>
internal sealed class HandlerGate(Assignment assignment, TimeSpan patience, Action<string> giveUp, TimeProvider time) : IHandlers
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<HandlerEndpoint> _ready = New<HandlerEndpoint>();
    private TaskCompletionSource _restart = New();
    private int _life;
    private bool _buried;

    /// <summary>True while invocations are let through at once.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _ready.Task.IsCompleted;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>After an exit with code 0 the dead address is given out, as the real host does, and calls are refused.</remarks>
    public async Task<HandlerEndpoint> Ready(FunctionDefinition function, CancellationToken cancellationToken)
    {
        if (!assignment.Runs(function))
        {
            throw new InvalidOperationException($"{function.Name} does not run on the instance {assignment.Name}.");
        }

        Task<HandlerEndpoint> waiting;
        int life;
        lock (_gate)
        {
            (waiting, life) = (_ready.Task, _life);
        }

        try
        {
            return await waiting.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The host that it began to wait for may have stopped long ago: its successor is not to blame.
            if (Volatile.Read(ref _life) == life)
            {
                giveUp("Initialization timed out and host is shutting down: an invocation waited too long for the handler.");
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Restart(HandlerEndpoint which)
    {
        lock (_gate)
        {
            if (!_buried && _ready.Task is { IsCompletedSuccessfully: true, Result: var current } && current == which)
            {
                _ready = New<HandlerEndpoint>();
                _restart.TrySetResult();
            }
        }
    }

    /// <summary>The instance's host begins anew: from now on invocations wait for this one.</summary>
    public void BeginLife() => Interlocked.Increment(ref _life);

    /// <summary>Lets invocations through to a handler that is dead for good, so that they are refused at once; no restart is asked for any more.</summary>
    public void Bury(HandlerEndpoint handler)
    {
        lock (_gate)
        {
            _buried = true;
            _ready.TrySetResult(handler);
        }
    }

    /// <summary>Lets invocations through to this handler; the task completes when its restart is asked for.</summary>
    public Task Open(HandlerEndpoint handler)
    {
        lock (_gate)
        {
            _restart = New();
            _ready.TrySetResult(handler);
            return _restart.Task;
        }
    }

    /// <summary>Makes invocations wait for the next handler.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_ready.Task.IsCompleted)
            {
                _ready = New<HandlerEndpoint>();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
