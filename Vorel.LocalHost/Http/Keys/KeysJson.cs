using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Http.Keys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(AccessKey))]
[JsonSerializable(typeof(AccessKeys))]
internal sealed partial class KeysJson : JsonSerializerContext;

/// <summary>One key as the key management API shows it.</summary>
internal sealed record AccessKey(string Name, string Value);

/// <summary>The keys of one scope.</summary>
internal sealed record AccessKeys(IReadOnlyList<AccessKey> Keys);
