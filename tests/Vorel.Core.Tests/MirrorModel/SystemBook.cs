using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>What the systems hold, and in which order it came.</summary>
internal sealed class SystemBook
{
    private static readonly HashSet<CrmObject> s_all = [CrmObject.Contact, CrmObject.Conversation, CrmObject.Lead, CrmObject.Message];

    private readonly MirrorStage _stage;
    private readonly Dictionary<(StandIn System, Guid Conversation), List<(string Key, long First, long Last)>> _batches = [];
    private readonly Dictionary<Flight, string> _connecting = [];

    public SystemBook(MirrorStage stage)
    {
        _stage = stage;
        All = [.. Enumerable.Range(0, Machinery.Tenants).SelectMany(tenant => Kinds.Select((objects, number) => new StandIn(tenant, HostOf(tenant, number), objects, stage.Gate, this)))];
    }

    /// <summary>What the systems of a tenant hold: the first two all, one no messages, one no conversations, one messages alone.</summary>
    public static IReadOnlyList<IReadOnlySet<CrmObject>> Kinds { get; } =
        [s_all, s_all, s_all.Where(one => one != CrmObject.Message).ToHashSet(), s_all.Where(one => one != CrmObject.Conversation).ToHashSet(), new HashSet<CrmObject> { CrmObject.Message }];

    public IReadOnlyList<StandIn> All { get; }

    public static string HostOf(int tenant, int number) => $"crm-{number}.tenant-{tenant}.example.com";

    public StandIn Of(int tenant, int number) => All.Single(system => system.Host == HostOf(tenant, number));

    public StandIn? Named(string name) => All.FirstOrDefault(system => system.Name == name);

    /// <summary>An operation is about to connect a host.</summary>
    public void Connecting(Flight flight, string host) => _connecting[flight] = host;

    /// <summary>The host that an operation connects goes by this name: one name for one host, always.</summary>
    public void Name(Flight flight, string name)
    {
        var system = All.Single(one => one.Host == _connecting[flight]);
        Require((system.Name ?? name) == name && All.All(one => one == system || one.Tenant != system.Tenant || one.Name != name), $"{system.Host} goes by the name of {name}");
        system.Name = name;
    }

    public void Require(bool holds, string text) => _stage.Require(holds, text);

    public void Count(string what) => _stage.Tally.Count(what);

    /// <summary>Whether a system has this version of a record, or this message.</summary>
    public bool Holds(StandIn system, Kept record, long version) => record.IsMessage
        ? _batches.GetValueOrDefault((system, record.Parent!.Value), []).Exists(batch => batch.First <= record.Number && record.Number <= batch.Last)
        : system.Holdings.GetValueOrDefault(record.Id.ToString("D")) is { } holding && holding.Version >= version;

    /// <summary>When a system first had what the product says that it has.</summary>
    public static DateTimeOffset Since(StandIn system, Kept record, long version) => record.IsMessage
        ? system.Holdings[$"message:{record.Parent:D}:{record.Number}"].Since[1]
        : system.Holdings[record.Id.ToString("D")].Since.Where(entry => entry.Key >= version).Min(entry => entry.Value);

    /// <summary>The domain clock goes back: what is stamped from now on bears an earlier moment than that of its write.</summary>
    public void DomainGoesBack(DateTimeOffset to)
    {
        foreach (var since in All.SelectMany(system => system.Holdings.Values).Select(holding => holding.Since))
        {
            foreach (var version in since.Where(entry => entry.Value > to).Select(entry => entry.Key).ToList())
            {
                since[version] = to;
            }
        }
    }

    public string Created(Flight flight, StandIn system, CrmObject crmObject, JsonObject fields, string key)
    {
        _stage.Next();
        _stage.Links.Called(flight, system);
        if (crmObject == CrmObject.Message)
        {
            return CreatedBatch(flight, system, fields, key);
        }

        var record = Guid.TryParse(key, out var id) ? _stage.Records.Find(system.Tenant, id) : null;
        var version = record?.Versions.LastIndexOf(Kept.TagOf(record.Kind, field => (string?)fields[field])) + 1 ?? 0;
        if (record is null || version == 0)
        {
            _stage.Violate($"{flight.Name}: {system.Host} got a record that was never accepted so, under {key}");
            return "nothing";
        }

        if (system.Holdings.TryGetValue(key, out var there))
        {
            Count("a create was repeated");
            return there.ExternalId;
        }

        _stage.Records.RequireParent(flight, system, record);
        var holding = new StandIn.Holding($"{system.Host}/{system.Holdings.Count + 1}");
        system.Holdings[key] = holding;
        Take(holding, version);
        return holding.ExternalId;
    }

    public void Updated(Flight flight, StandIn system, string externalId, JsonObject fields, string key, long version)
    {
        _stage.Next();
        _stage.Links.Called(flight, system);
        var (id, holding) = system.Holdings.SingleOrDefault(entry => entry.Value.ExternalId == externalId);
        var record = id is null ? null : _stage.Records.Find(system.Tenant, Guid.Parse(id));
        if (record is null || version < 1 || version > record.Versions.Count)
        {
            _stage.Violate($"{flight.Name}: {system.Host} got an update of {externalId}, which it does not hold, or to a version that there is not");
            return;
        }

        Require(key == $"{id}:{version}", $"{flight.Name}: version {version} of {record} came under the key {key}");
        Require(record.Versions[(int)version - 1] == Kept.TagOf(record.Kind, field => (string?)fields[field]), $"{flight.Name}: other fields came as version {version} of {record}");
        if (version > holding.Version)
        {
            Count("an update reached a system");
            Take(holding, version);
        }
        else
        {
            Count("an update was repeated or came late");
            Require(version == holding.Version || flight.BegunAt < holding.TakenAt, $"{flight.Name}: version {version} of {record} was sent after version {holding.Version} was there");
        }
    }

    private string CreatedBatch(Flight flight, StandIn system, JsonObject fields, string key)
    {
        var conversation = Guid.Parse((string)fields["conversation_id"]!);
        var (first, last) = ((long)fields["first_sequence_number"]!, (long)fields["last_sequence_number"]!);
        if (!_batches.TryGetValue((system, conversation), out var batches))
        {
            _batches[(system, conversation)] = batches = [];
        }

        var numbers = fields["messages"]!.AsArray().Select(message => (long)message!["sequence_number"]!).ToList();
        Require(numbers.SequenceEqual(Enumerable.Range((int)first, (int)(last - first + 1)).Select(number => (long)number)), $"{flight.Name}: messages {string.Join(' ', numbers)} came as {first} to {last}");
        foreach (var message in fields["messages"]!.AsArray())
        {
            var kept = _stage.Records.FindMessage(system.Tenant, conversation, (long)message!["sequence_number"]!);
            Require(kept?.Versions[0] == Kept.TagOf("message", field => (string?)message[field]), $"{flight.Name}: message {message["sequence_number"]} was never accepted so");
        }

        if (batches.Exists(batch => batch.Key == key))
        {
            Count("a batch was repeated");
            return key;
        }

        _stage.Records.RequireParentOfMessages(flight, system, conversation);
        Require(batches.TrueForAll(batch => batch.Last < first), $"{flight.Name}: messages {first} to {last} of {conversation} came to {system.Host} behind {string.Join(' ', batches)}");
        for (var number = 1; number < first; number++)
        {
            // A system that replaced another gets what is owed; what the other took is not owed.
            var before = _stage.Records.FindMessage(system.Tenant, conversation, number);
            Require(before is null or { IsGone: true } || All.Any(one => one.Tenant == system.Tenant && Holds(one, before, 1)), $"{flight.Name}: message {number} of {conversation} was left out before {first}");
        }

        Count(batches.Count > 0 ? "another batch came" : "a first batch came");
        batches.Add((key, first, last));
        foreach (var number in numbers)
        {
            Take(system.Holdings[$"message:{conversation:D}:{number.ToString(CultureInfo.InvariantCulture)}"] = new StandIn.Holding(key + "#" + number), 1);
        }

        return key;
    }

    private void Take(StandIn.Holding holding, long version)
    {
        holding.Version = version;
        holding.TakenAt = _stage.Now;
        holding.Since.TryAdd(version, _stage.Domain.GetUtcNow());
    }
}
