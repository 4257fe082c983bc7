namespace Vorel.LocalHost.Configuration;

/// <summary>host.json, <c>extensions.durableTask</c>.</summary>
internal sealed record DurableSettings
{
    public string HubName { get; init; } = "TestHubName";

    /// <summary>The setting that holds the hub's storage connection string.</summary>
    public string ConnectionName { get; init; } = "AzureWebJobsStorage";

    public int MaxConcurrentActivities { get; init; } = 10;

    public int MaxConcurrentOrchestrators { get; init; } = 10;
}
