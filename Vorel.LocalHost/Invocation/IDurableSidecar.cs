namespace Vorel.LocalHost.Invocation;

/// <summary>Where the Durable hub's client endpoint listens; the value of every durableClient input is made from it.</summary>
internal interface IDurableSidecar
{
    /// <summary>The hub's name from host.json.</summary>
    string HubName { get; }

    /// <summary>The sidecar's loopback address (gRPC, HTTP/2 without TLS), once it listens.</summary>
    Task<Uri> Address(CancellationToken cancellationToken);

    /// <summary>Starts an instance; an id that has ended is started again, and one is made where none is given.</summary>
    /// <param name="orchestrator">The function's name.</param>
    /// <param name="instanceId">The id, or null.</param>
    /// <param name="input">JSON, or null.</param>
    /// <param name="cancellationToken">Ends the wait for the hub.</param>
    /// <exception cref="Durable.Instances.RpcException">It is at work, or there is no such function, or the id cannot be one.</exception>
    Task StartInstance(string orchestrator, string? instanceId, string? input, CancellationToken cancellationToken);
}
