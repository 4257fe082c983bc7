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
        lock (_gate)
        {
            waiting = _ready.Task;
        }

        try
        {
            return await waiting.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            giveUp("Initialization timed out and host is shutting down: an invocation waited too long for the handler.");
            throw;
        }
    }

    /// <inheritdoc/>
    public void Restart(HandlerEndpoint which)
    {
        lock (_gate)
        {
            if (_ready.Task is { IsCompletedSuccessfully: true, Result: var current } && current == which)
            {
                _ready = New<HandlerEndpoint>();
                _restart.TrySetResult();
            }
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
