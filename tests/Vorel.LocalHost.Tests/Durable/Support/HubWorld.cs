using Azure.Core.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Azure.Tables;
using Vorel.Durable;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>What outlives a hub: its table, the domain's clock, and the clients.</summary>
internal sealed class HubWorld(AzuriteFixture azurite, ScriptedHandler handler) : IAsyncDisposable
{
    private readonly List<RunningHub> _hubs = [];

    public ScriptedHandler Handler => handler;

    public string HubName { get; } = "hub" + Guid.NewGuid().ToString("N")[..12];

    public DomainClock Clock { get; init; } = new(TimeProvider.System);

    public ILogger Log { get; init; } = NullLogger.Instance;

    public int Orchestrators { get; init; } = 8;

    public string? RecordHistories { get; init; }

    public Chaos Chaos { get; init; } = Chaos.None;

    /// <summary>A hub over the world's table.</summary>
    public Task<RunningHub> Start(int? killAtWrite = null, KillSide side = KillSide.Before) => Start(handler, killAtWrite, side);

    public Task<RunningHub> Start(ScriptedHandler other, int? killAtWrite = null, KillSide side = KillSide.Before) =>
        Start(other, new KillableTransport(killAtWrite, side));

    public async Task<RunningHub> Start(ScriptedHandler other, KillableTransport transport)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(transport) };
        var settings = new DurableSettings { HubName = HubName, MaxConcurrentActivities = 8, MaxConcurrentOrchestrators = Orchestrators };
        var hub = new DurableHub(settings, new TableServiceClient(azurite.ConnectionString, options), other.Catalog, Clock, Log) 
        {
            RecordHistories = RecordHistories,
            Chaos = Chaos,
        };
        var running = new RunningHub(hub, transport, Clock);
        _hubs.Add(running);
        await Task.WhenAny(hub.Start(other, CancellationToken.None), transport.Killed);
        return running;
    }

    /// <summary>The keys of all rows of the hub.</summary>
    public async Task<IReadOnlyList<string>> Rows()
    {
        var rows = new List<string>();
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient(HubName + "Durable");
        await foreach (var row in table.QueryAsync(default))
        {
            rows.Add($"{row.PartitionKey} {row.RowKey}");
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _hubs)
        {
            hub.Kill();
            await hub.DisposeAsync();
        }
    }
}
