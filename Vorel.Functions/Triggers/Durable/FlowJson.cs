using System.Text.Json.Serialization;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>The payloads of orchestrations and activities: ids, counts and codes only, since they stay in histories.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeliveryInput))]
[JsonSerializable(typeof(RecordReference))]
[JsonSerializable(typeof(NextStep))]
internal sealed partial class FlowJson : JsonSerializerContext;
