namespace Vorel.LocalHost.Invocation;

/// <summary>Where the Durable hub's client endpoint listens; the value of every durableClient input is made from it.</summary>
internal interface IDurableSidecar
{
    /// <summary>The hub's name from host.json.</summary>
    string HubName { get; }

    /// <summary>The sidecar's loopback address (gRPC, HTTP/2 without TLS), once it listens.</summary>
    Task<Uri> Address(CancellationToken cancellationToken);
}
