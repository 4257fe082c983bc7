using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Vorel.Core.Crm.Drivers.CustomWebhook;

/// <summary>What is posted. Members that are null are left out.</summary>
internal sealed record CustomWebhookRequest(string Action)
{
    public string? Object { get; init; }

    public string? ExternalId { get; init; }

    public JsonObject? Fields { get; init; }

    public string? IdempotencyKey { get; init; }

    public long? Sequence { get; init; }
}

/// <summary>What a receiver answers; members that we do not know are its own business.</summary>
internal sealed record CustomWebhookAnswer
{
    public string? ExternalId { get; init; }

    public string? RecordUrl { get; init; }

    /// <summary>After a delete: <c>hard</c> or <c>soft</c>.</summary>
    public string? Deletion { get; init; }
}

/// <summary>What the connection was made with.</summary>
internal sealed record CustomWebhookCredentials
{
    public required string Url { get; init; }

    public required string Secret { get; init; }

    // The secret must not get into a log through an interpolated record.
    public override string ToString() => nameof(CustomWebhookCredentials);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CustomWebhookRequest))]
[JsonSerializable(typeof(CustomWebhookAnswer))]
[JsonSerializable(typeof(CustomWebhookCredentials))]
internal sealed partial class CustomWebhookJson : JsonSerializerContext;
