using Vorel.Core.Storage;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>What the tenants have connected, and what of it each operation has seen.</summary>
internal sealed class LinkBook(MirrorStage stage)
{
    public const string Table = "TenantCredentials";
    private const string Main = "crm";
    private const string Archive = "crm.archive";

    private readonly Dictionary<(int Tenant, string Role), string> _linked = [];
    private readonly Dictionary<(int Tenant, string Role), DateTimeOffset> _connectedAt = [];
    private readonly Dictionary<(Flight Flight, string Role), (string? System, long At)> _seen = [];
    private readonly Dictionary<Flight, (string System, string? Main, long At)> _calls = [];

    /// <summary>A connection was made or removed.</summary>
    public void Written(Flight flight, int tenant, RowWrite write)
    {
        if (write.Key is not (Main or Archive))
        {
            return; // A credential, which is none of this book's.
        }

        stage.Debts.Remember(tenant);
        var columns = write switch { RowWrite.Insert insert => insert.Columns, RowWrite.Replace replace => replace.Columns, _ => null };
        if (stage.Flights.Exists(other => _calls.TryGetValue(other, out var call) && call.System == _linked.GetValueOrDefault((tenant, write.Key))
            && columns?["system"] as string != call.System))
        {
            stage.Tally.Count("a system was replaced or removed while a write to it was under way");
        }

        var present = _linked.GetValueOrDefault((tenant, write.Key));
        if (columns is null)
        {
            _linked.Remove((tenant, write.Key));
            stage.Tally.Count("a system was disconnected: " + write.Key);
            return;
        }

        var system = (string)columns["system"];
        var owed = stage.Debts.HasUpdates(tenant);
        stage.Tally.Count(
            present is null ? "a system was connected: " + write.Key
            : present == system ? "a system was connected anew: " + write.Key
            : owed ? $"a system was replaced with updates owed: {write.Key}" : "a system was replaced: " + write.Key);
        _linked[(tenant, write.Key)] = system;
        _connectedAt[(tenant, write.Key)] = (DateTimeOffset)columns["connected_at"];
        stage.Systems.Name(flight, system);
    }

    /// <summary>An operation looked which connection there is.</summary>
    public void Seen(Flight flight, string role, Row? row) => _seen[(flight, role)] = (row?.Columns["system"] as string, stage.Next());

    /// <summary>Since when a tenant has its CRM; as if for ever where it has none.</summary>
    public DateTimeOffset ConnectedAt(int tenant) => _connectedAt.GetValueOrDefault((tenant, Main));

    /// <summary>Whether a tenant has a system as its CRM.</summary>
    public bool IsMain(int tenant, StandIn system) => system.Name is { } name && _linked.GetValueOrDefault((tenant, Main)) == name;

    /// <summary>Whether a tenant has a CRM.</summary>
    public bool HasMain(int tenant) => _linked.ContainsKey((tenant, Main));

    /// <summary>An operation called a system.</summary>
    public void Called(Flight flight, StandIn system)
    {
        stage.Require(system.Name == Look(flight, Main) || system.Name == Look(flight, Archive), $"{flight.Name}: {system.Host} was called, which it has not seen connected");
        _calls[flight] = (system.Name!, Look(flight, Main), stage.Now);
    }

    public string? Look(Flight flight, string role) => _seen.GetValueOrDefault((flight, role)).System;

    /// <summary>What an operation has last seen connected.</summary>
    public IEnumerable<StandIn> Pair(Flight flight, int tenant) =>
        stage.Systems.All.Where(system => system.Tenant == tenant && system.Name is { } name && (name == Look(flight, Main) || name == Look(flight, Archive)));

    /// <summary>
    /// An operation says that a system holds something. It must have looked after its call that nobody else was connected in that system's place; what is connected after that look takes up
    /// what it is owed itself.
    /// </summary>
    public void Stamped(Flight flight, string system)
    {
        if (!_calls.TryGetValue(flight, out var call) || call.System != system)
        {
            stage.Violate($"{flight.Name}: {system} is said to hold what this operation never sent there");
            return;
        }

        var main = _seen[(flight, Main)];
        var counts = main.System is null || (main.System == call.Main && (call.Main == system || Look(flight, Archive) is null || Look(flight, Archive) == system));
        stage.Require(main.At > call.At && counts, $"{flight.Name}: {system} is said to hold something though it was replaced");
        if (_linked.GetValueOrDefault((TenantOf(system), Main)) != call.Main)
        {
            stage.Tally.Count("a stamp came after its system was replaced or removed");
        }
    }

    private int TenantOf(string system) => stage.Systems.All.First(one => one.Name == system).Tenant;
}
