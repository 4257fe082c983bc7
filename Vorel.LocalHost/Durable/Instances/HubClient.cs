namespace Vorel.LocalHost.Durable.Instances;

/// <summary>All that clients can do with a hub's instances, whether they come by gRPC or HTTP.</summary>
/// <param name="HubName">The hub's name.</param>
/// <param name="ConnectionName">The setting with its storage.</param>
/// <param name="Operations">One instance.</param>
/// <param name="Restarts">Starting one over.</param>
/// <param name="Waits">Waiting for one.</param>
/// <param name="Queries">Asking about many.</param>
/// <param name="Purge">Purging many.</param>
/// <param name="Ends">Ends with the hub. What changes something takes it in place of its caller's, who may hang up.</param>
internal sealed record HubClient(
    string HubName,
    string ConnectionName,
    InstanceOperations Operations,
    InstanceRestarts Restarts,
    InstanceWaits Waits,
    InstanceQueries Queries,
    InstancePurge Purge,
    CancellationToken Ends);
