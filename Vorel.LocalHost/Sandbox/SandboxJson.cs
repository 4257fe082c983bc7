using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Sandbox;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, WriteIndented = true)]
[JsonSerializable(typeof(Behavior))]
[JsonSerializable(typeof(InboxState))]
[JsonSerializable(typeof(CrmState))]
[JsonSerializable(typeof(CrmWrite))]
[JsonSerializable(typeof(CrmAnswer))]
internal sealed partial class SandboxJson : JsonSerializerContext;

/// <summary>State of the inbox.</summary>
/// <param name="Posts">Requests in all.</param>
/// <param name="Accepted">Verified and answered 2xx.</param>
/// <param name="Refused">With a wrong signature, or none.</param>
/// <param name="Ids">Distinct envelope ids among the verified.</param>
/// <param name="Attempts">Verified requests by envelope id.</param>
/// <param name="Requests">The last requests, oldest first.</param>
internal sealed record InboxState(
    int Posts, int Accepted, int Refused, int Ids, IReadOnlyDictionary<string, int> Attempts, IReadOnlyList<Received> Requests);

/// <summary>State of the CRM.</summary>
/// <param name="Posts">Requests in all.</param>
/// <param name="Keys">Distinct idempotency keys among the verified.</param>
/// <param name="Refused">With a wrong signature, or none.</param>
/// <param name="Records">What it holds.</param>
/// <param name="Requests">The last requests, oldest first.</param>
internal sealed record CrmState(int Posts, int Keys, int Refused, IReadOnlyList<CrmRecord> Records, IReadOnlyList<Received> Requests);

/// <summary>A record of the tiny CRM.</summary>
/// <param name="ExternalId">Its id, given at creation.</param>
/// <param name="Object">Its type, such as lead.</param>
/// <param name="Fields">Its fields as last written.</param>
/// <param name="Sequence">The sequence of that write; an older one changes nothing.</param>
/// <param name="Writes">How many writes it took.</param>
/// <param name="Deleted">Whether it was deleted.</param>
internal sealed record CrmRecord(
    string ExternalId, string Object, IReadOnlyDictionary<string, JsonElement> Fields, long Sequence, int Writes, bool Deleted);

/// <summary>A custom-webhook write as the CRM receives it.</summary>
internal sealed record CrmWrite
{
    public required string Action { get; init; }

    public required string Object { get; init; }

    public string? ExternalId { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Fields { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    public required string IdempotencyKey { get; init; }

    public long Sequence { get; init; }
}

/// <summary>The CRM's answer to a write.</summary>
internal sealed record CrmAnswer(string ExternalId, string RecordUrl);
