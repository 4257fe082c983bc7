using System.Text.Json.Serialization;

namespace Vorel.Functions.Triggers.Http;

/// <summary>The process serves.</summary>
internal sealed record HealthAnswer(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
