using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Handler;

/// <summary>Who may be called: one instance, or whichever of several has its turn.</summary>
internal interface IHandlers
{
    /// <summary>
    /// The handler to call for a function, waiting while it starts: at most four times its initialization timeout, then its host stops.
    /// </summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="InvalidOperationException">The function does not run there.</exception>
    Task<HandlerEndpoint> Ready(FunctionDefinition function, CancellationToken cancellationToken);

    /// <summary>Kills this handler and has it started again, without a strike: what a function's timeout does. Nothing if it is gone already.</summary>
    void Restart(HandlerEndpoint which);
}
