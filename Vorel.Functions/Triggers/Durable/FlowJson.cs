using System.Text.Json.Serialization;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>The payloads of orchestrations and activities: ids, counts and codes only, since they stay in histories.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(string))]
internal sealed partial class FlowJson : JsonSerializerContext;
