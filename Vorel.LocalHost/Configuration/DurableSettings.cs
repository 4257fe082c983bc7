namespace Vorel.LocalHost.Configuration;

/// <summary>host.json, <c>extensions.durableTask</c>.</summary>
internal sealed record DurableSettings
{
    public string HubName { get; init; } = "TestHubName";

    /// <summary>The setting that holds the hub's storage connection string.</summary>
    public string ConnectionName { get; init; } = "AzureWebJobsStorage";

    public int MaxConcurrentActivities { get; init; } = 10;

    public int MaxConcurrentOrchestrators { get; init; } = 10;

    /// <summary>What clients of the sidecar are told to accept, in bytes.</summary>
    public int MaxGrpcMessageSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long clients of the sidecar are told to wait.</summary>
    public TimeSpan GrpcHttpClientTimeout { get; init; } = TimeSpan.FromSeconds(100);
}
