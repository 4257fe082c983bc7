namespace Vorel.LocalHost.Handler;

/// <summary>Told about every start and end of a handler.</summary>
internal interface IHandlerObserver
{
    /// <summary>The process runs, but does not answer yet.</summary>
    void Starting(HandlerEndpoint handler);

    /// <summary>The handler has answered its probe.</summary>
    void Ready(HandlerEndpoint handler);

    /// <summary>The handler's process is gone.</summary>
    void Ended(HandlerEndpoint handler);
}
