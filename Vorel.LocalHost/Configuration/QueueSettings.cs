namespace Vorel.LocalHost.Configuration;

/// <summary>host.json, <c>extensions.queues</c>, with the defaults of the Storage queues extension.</summary>
internal sealed record QueueSettings
{
    public int BatchSize { get; init; } = 16;

    /// <summary>A new batch is fetched when this many messages or fewer are still being worked on.</summary>
    public int NewBatchThreshold { get; init; } = 8 * Environment.ProcessorCount;

    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a failed message stays hidden; zero is at once.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>True where message texts are base64; false for plain text.</summary>
    public bool Base64 { get; init; } = true;
}
