using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vorel.EndToEnd.Tests.Golden;

/// <summary>The inputs of instances that are started by hand.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class StageJson : JsonSerializerContext;
