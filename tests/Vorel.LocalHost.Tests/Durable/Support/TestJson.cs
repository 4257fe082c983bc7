using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>The payloads of these tests.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class TestJson : JsonSerializerContext;
