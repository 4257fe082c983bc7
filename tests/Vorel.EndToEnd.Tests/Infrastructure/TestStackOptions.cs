using Vorel.LocalHost.Configuration;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>What a test wants otherwise of its stack.</summary>
internal sealed record TestStackOptions
{
    /// <summary>Whether the handler has kill points, unlike the published one.</summary>
    public bool Failpoints { get; init; }

    /// <summary>Settings of the handler, over those of every stack.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Further <c>host:port</c> pairs on loopback that the handler may call.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The port of the host's front end; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Whose storage can be made to fail.</summary>
    public FaultsBefore Faults { get; init; }

    /// <summary>How requests travel to the handler; null for what host.json says.</summary>
    public HttpMode? HttpMode { get; init; }

    /// <summary>Where the hub leaves the histories of what has ended; null for nowhere.</summary>
    public string? RecordHistories { get; init; }

    /// <summary>What the hub does to what it was told, as <c>--durable-chaos</c> takes it; null for nothing.</summary>
    public string? DurableChaos { get; init; }

    /// <summary>How many instances of the handler there are.</summary>
    public int Instances { get; init; } = 1;
}
