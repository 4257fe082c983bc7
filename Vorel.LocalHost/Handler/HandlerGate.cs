using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Hosting;

namespace Vorel.LocalHost.Handler;

/// <summary>Where invocations wait while the handler starts, and where they ask for its restart.</summary>
internal sealed class HandlerGate(HostConfiguration configuration, HostStop stop, TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<HandlerEndpoint> _ready = New<HandlerEndpoint>();
    private TaskCompletionSource _restart = New();

    /// <summary>
    /// The handler to call, waiting while it starts: at most four times its initialization timeout, then the host stops.
    /// After an exit with code 0 the dead address is given out, as the real host does, and calls are refused.
    /// </summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<HandlerEndpoint> Ready(CancellationToken cancellationToken)
    {
        Task<HandlerEndpoint> waiting;
        lock (_gate)
        {
            waiting = _ready.Task;
        }

        try
        {
            return await waiting.WaitAsync(configuration.Handler.InitializationTimeout * 4, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            stop.Now("Initialization timed out and host is shutting down: an invocation waited too long for the handler.");
            throw;
        }
    }

    /// <summary>Kills this handler and has it started again, without a strike: what a function's timeout does.</summary>
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
