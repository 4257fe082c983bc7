using Vorel.LocalHost.Durable;

namespace Vorel.LocalHost.Configuration;

/// <summary>What the command line said.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>The version the local host gives itself towards the handler: that of the host whose behaviour it follows.</summary>
    public const string HostVersion = "4.1037.0.0";

    /// <summary>The published app's folder, with host.json.</summary>
    public required string AppRoot { get; init; }

    /// <summary>Connection string of AzureWebJobsStorage.</summary>
    public required string Storage { get; init; }

    /// <summary>Connection string of the Durable hub's storage.</summary>
    public required string DurableStorage { get; init; }

    /// <summary>Port of the public front end; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the sandbox; 0 takes a free one.</summary>
    public int SandboxPort { get; init; }

    /// <summary>How many handler processes the app is split over, 1 to 16.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>How HTTP functions get their requests; null for what host.json says.</summary>
    public HttpMode? HttpMode { get; init; }

    /// <summary>Where addresses and process ids are written once everything is up; null for nowhere.</summary>
    public string? ReadyFile { get; init; }

    /// <summary>Folder that gets the history of every orchestration that ends; null for none.</summary>
    public string? RecordHistories { get; init; }

    /// <summary>What goes wrong on purpose with Durable functions.</summary>
    public Chaos DurableChaos { get; init; } = Chaos.None;

    /// <summary>Further settings for the handler, as app settings would be.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
