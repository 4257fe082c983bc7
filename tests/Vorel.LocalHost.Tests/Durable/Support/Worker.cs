using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Durable;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>The product's own worker in place of scripts: an orchestrator that meets every kind of wait, and an activity with an effect.</summary>
internal static class Worker
{
    /// <summary>A handler whose activity leaves its inputs in <paramref name="effects"/>.</summary>
    public static ScriptedHandler Handler(ConcurrentQueue<string> effects)
    {
        var registry = new DurableTaskRegistry().AddOrchestrator("Steps", static () => new Steps()).AddActivity("Effect", _ => new Effect(effects));
        var options = new DurableWorkerOptions { JsonOptions = TestJson.Default.Options };
        var orchestrators = new OrchestratorEndpoint(registry, options, NullLoggerFactory.Instance);
        var activities = new ActivityEndpoint(registry, options, NullLoggerFactory.Instance);
        return new ScriptedHandler()
            .Orchestrator("Steps", request => ScriptedHandler.Returns(orchestrators.Execute(Convert.ToBase64String(request.ToByteArray()))))
            .Activity("Effect", async wire => ScriptedHandler.Returns(
                await activities.ExecuteAsync("Effect", Unquoted(wire), "any", new NoServices(), CancellationToken.None)));
    }

    private static string Unquoted(string wire) => JsonSerializer.Deserialize<string>(JsonSerializer.Deserialize<string>(wire)!)!;

    private sealed class Steps : TaskOrchestrator<string, string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string input)
        {
            var first = await context.CallActivityAsync<string>("Effect", input + " first");
            var go = await context.WaitForExternalEvent<string>("go");
            await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            var both = await Task.WhenAll(
                context.CallActivityAsync<string>("Effect", "left"), context.CallActivityAsync<string>("Effect", "right"));
            return $"{first}, {go}, {both[0]}, {both[1]}";
        }
    }

    private sealed class Effect(ConcurrentQueue<string> effects) : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input)
        {
            effects.Enqueue(input);
            return Task.FromResult(input.ToUpperInvariant());
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
