using Vorel.Core.Records;

namespace Vorel.Core.Tests.Model;

/// <summary>A request of a caller to write a record, and what he was told.</summary>
/// <param name="tenant">Which of the tenants, by number.</param>
/// <param name="kind">What is written.</param>
/// <param name="target">The record to change; null to create one.</param>
/// <param name="fields">The fields in the body.</param>
/// <param name="key">The Idempotency-Key.</param>
internal sealed class Request(int tenant, RecordKind kind, ModelRecord? target, IReadOnlyDictionary<string, string> fields, string? key)
{
    public int Tenant { get; } = tenant;

    public RecordKind Kind { get; } = kind;

    public ModelRecord? Target { get; } = target;

    public IReadOnlyDictionary<string, string> Fields { get; } = fields;

    public string? Key { get; } = key;

    /// <summary>Where a key counts: a POST of a kind, or a PATCH of one record.</summary>
    public (int Tenant, string Route, string? Key) Use => (Tenant, Target is null ? Kind.Name : Target.Id.ToString("D"), Key);

    /// <summary>The version that it made, once it is committed.</summary>
    public ModelWrite? Write { get; set; }

    /// <summary>The caller was told, and may rely on it, that nothing was written.</summary>
    public bool IsRefused { get; set; }

    /// <summary>How many versions the record had when the request began.</summary>
    public int VersionsBefore { get; } = target?.Versions.Count ?? 0;

    public DateTimeOffset BegunAt { get; init; }

    public string Json => "{" + string.Join(',', Fields.Select(entry => $"\"{entry.Key}\":\"{entry.Value}\"")) + "}";
}

/// <summary>A record as the model knows it.</summary>
internal sealed class ModelRecord(int tenant, RecordKind kind, Guid id)
{
    public int Tenant { get; } = tenant;

    public RecordKind Kind { get; } = kind;

    public Guid Id { get; } = id;

    /// <summary>The fields of each version, the first at index 0.</summary>
    public List<IReadOnlyDictionary<string, string>> Versions { get; } = [];

    /// <summary>Whether it has been anything but new.</summary>
    public bool WasQualified { get; set; }
}

/// <summary>One write that stands, with the events that it owes.</summary>
internal sealed class ModelWrite(Request request, ModelRecord record, int version, string outbox, long committedAt)
{
    public Request Request { get; } = request;

    public ModelRecord Record { get; } = record;

    /// <summary>From 1.</summary>
    public int Version { get; } = version;

    /// <summary>The key of its outbox row.</summary>
    public string Outbox { get; } = outbox;

    public long CommittedAt { get; } = committedAt;

    /// <summary>The events by the ids of their envelopes.</summary>
    public Dictionary<Guid, string> Events { get; } = [];

    /// <summary>Since when its outbox row is gone.</summary>
    public long? GoneAt { get; set; }

    /// <summary>Somebody started or woke the record's orchestration since.</summary>
    public bool IsMirrorWoken { get; set; }
}
