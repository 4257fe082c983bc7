using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vorel.Durable.Tests.Engine;

internal sealed record Order(Guid Id, decimal Amount, DateTime At, string Note);

internal sealed record Race(string Winner, DateTime At);

internal sealed record Progress(int At, string Text);

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Race))]
[JsonSerializable(typeof(Progress))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(List<Guid>))]
[JsonSerializable(typeof(List<DateTime>))]
internal sealed partial class TestJson : JsonSerializerContext;

internal static class TestWorker
{
    public static DurableWorkerOptions Options { get; } = new()
    {
        JsonOptions = new JsonSerializerOptions { TypeInfoResolver = TestJson.Default },
    };
}

[JsonSerializable(typeof(string))]
internal sealed partial class ScalarText : JsonSerializerContext;
