using Vorel.Functions.Triggers.Durable;

namespace Vorel.Durable.Tests.Engine;

/// <summary>The worker's options as the handler has them, for the hub that is shared with the worker's own tests.</summary>
internal static class TestWorker
{
    public static DurableWorkerOptions Options { get; } = new() { JsonOptions = FlowJson.Default.Options };
}
