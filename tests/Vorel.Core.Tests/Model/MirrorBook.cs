using System.Globalization;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model;

/// <summary>What the CRMs hold and what they are owed.</summary>
internal sealed class MirrorBook(Truth truth)
{
    private readonly Dictionary<ModelRecord, (string ExternalId, long Version)> _held = [];
    private readonly Dictionary<(ModelRecord Record, long Version), string> _keys = [];
    private readonly HashSet<string> _owed = [];

    /// <summary>How many todo rows are there.</summary>
    public int Owed => _owed.Count;

    public bool Holds(ModelRecord record, long version) => _held.TryGetValue(record, out var held) && held.Version >= version;

    public void Committed(IReadOnlyList<RowWrite> writes)
    {
        foreach (var write in writes.Where(write => write.Key.StartsWith("todo|", StringComparison.Ordinal)))
        {
            if (write is RowWrite.Insert)
            {
                _owed.Add(write.Key);
            }
            else if (write is RowWrite.Delete && _owed.Remove(write.Key))
            {
                var parts = write.Key.Split('|', ':');
                var record = truth.Writes.Records.Single(record => record.Id == Guid.Parse(parts[3]));
                truth.Require(Holds(record, long.Parse(parts[4], CultureInfo.InvariantCulture)), $"{write.Key} went before the CRM had that version");
            }
        }
    }

    /// <summary>The orchestration of a record was started, or found at work.</summary>
    public void Woken(RecordKind? kind, Guid id)
    {
        foreach (var write in truth.Writes.Writes.Where(write => write.Record.Kind == kind && write.Record.Id == id))
        {
            write.IsMirrorWoken = true;
        }
    }

    public void Created(Flight flight, int tenant, CrmObject crmObject, string externalId, bool isNew, JsonObject fields, string key)
    {
        truth.Next();
        var record = truth.Writes.Records.Find(record => record.Tenant == tenant && record.Kind.CrmObject == crmObject
            && record.Kind.Unique[0].Fields.All(field => record.Versions[0][field] == (string?)fields[field]));
        var version = record?.Versions.FindLastIndex(version => IsSame(version, fields)) + 1 ?? 0;
        if (record is null || version == 0)
        {
            truth.Violate($"{flight.Name}: the CRM got a record that was never accepted so");
            return;
        }

        RequireKey(record, 0, key);
        if (!isNew)
        {
            truth.Tally.Count("a create was repeated");
            return;
        }

        truth.Require(_held.TryAdd(record, (externalId, version)), $"{flight.Name}: the CRM got a second record of {record.Kind} {record.Id}");
    }

    public void Updated(int tenant, string externalId, JsonObject fields, string key, long sequence)
    {
        truth.Next();
        var (record, held) = _held.SingleOrDefault(entry => entry.Value.ExternalId == externalId && entry.Key.Tenant == tenant);
        if (record is null || sequence < 1 || sequence > record.Versions.Count)
        {
            truth.Violate($"the CRM got version {sequence} of {externalId}, which was never accepted");
            return;
        }

        RequireKey(record, sequence, key);
        var updatable = record.Versions[(int)sequence - 1].Where(field => record.Kind.Field(field.Key)!.Updatable).ToDictionary();
        truth.Require(IsSame(updatable, fields), $"the CRM got other fields as version {sequence} of {record.Kind} {record.Id}");
        truth.Tally.Count(sequence > held.Version ? "an update reached the CRM" : "an update was repeated or came late");
        if (sequence > held.Version)
        {
            _held[record] = held with { Version = sequence };
        }
    }

    public void Settled()
    {
        truth.Require(_owed.Count == 0, "the CRM is owed " + string.Join(", ", _owed));
        foreach (var record in truth.Writes.Records)
        {
            truth.Require(Holds(record, record.Versions.Count), $"the CRM does not hold version {record.Versions.Count} of {record.Kind} {record.Id}");
        }
    }

    private static bool IsSame(IReadOnlyDictionary<string, string> version, JsonObject fields) =>
        version.All(field => (string?)fields[field.Key] == field.Value);

    private void RequireKey(ModelRecord record, long version, string key)
    {
        _keys.TryAdd((record, version), key);
        truth.Require(_keys[(record, version)] == key, $"version {version} of {record.Kind} {record.Id} went to the CRM under two keys");
        truth.Require(_keys.Count(entry => entry.Value == key) == 1, $"{key} stands for two writes to the CRM");
    }
}
