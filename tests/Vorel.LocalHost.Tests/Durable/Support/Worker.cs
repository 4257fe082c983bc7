using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>
/// The product's own worker in place of scripts: an orchestrator that meets every kind of wait, one that calls children which continue
/// as new, one that leaves an event to its next execution, and an activity with an effect.
/// </summary>
internal static class Worker
{
    /// <summary>A handler whose activity leaves its inputs in <paramref name="effects"/>.</summary>
    public static ScriptedHandler Handler(ConcurrentQueue<string> effects)
    {
        var registry = new DurableTaskRegistry()
            .AddOrchestrator("Steps", static () => new Steps())
            .AddOrchestrator("Family", static () => new Family())
            .AddOrchestrator("Rounds", static () => new Rounds())
            .AddOrchestrator("Relay", static () => new Relay())
            .AddActivity("Effect", _ => new Effect(effects));
        var options = new DurableWorkerOptions { JsonOptions = TestJson.Default.Options };
        var orchestrators = new OrchestratorEndpoint(registry, options, NullLoggerFactory.Instance);
        var activities = new ActivityEndpoint(registry, options, NullLoggerFactory.Instance);
        return new ScriptedHandler()
            .Orchestrator("Steps", Turn)
            .Orchestrator("Family", Turn)
            .Orchestrator("Rounds", Turn)
            .Orchestrator("Relay", Turn)
            .Activity("Effect", async wire => ScriptedHandler.Returns(
                await activities.ExecuteAsync("Effect", Unquoted(wire), "any", new NoServices(), CancellationToken.None)));

        InvocationResult Turn(OrchestratorRequest request) => ScriptedHandler.Returns(orchestrators.Execute(Convert.ToBase64String(request.ToByteArray())));
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

    /// <summary>Two children at once.</summary>
    private sealed class Family : TaskOrchestrator<string, string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string input)
        {
            var parts = await Task.WhenAll(
                context.CallSubOrchestratorAsync<string>("Rounds", input + "|3"), context.CallSubOrchestratorAsync<string>("Rounds", "other|1"));
            return string.Join(", ", parts);
        }
    }

    /// <summary>An activity for each round, and a new execution for each activity.</summary>
    private sealed class Rounds : TaskOrchestrator<string, string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string input)
        {
            var (text, left) = (input.Split('|')[0], int.Parse(input.Split('|')[1]));
            var done = await context.CallActivityAsync<string>("Effect", $"{text} {left}");
            await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            if (left == 1)
            {
                return done;
            }

            context.ContinueAsNew($"{text}|{left - 1}");
            return "";
        }
    }

    /// <summary>A child, and an event to a listener; then a new execution, which takes an event that this one was sent and did not take.</summary>
    private sealed class Relay : TaskOrchestrator<string, string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string input)
        {
            switch (input)
            {
                case "child":
                    return "of the child";
                case "listen":
                    return await context.WaitForExternalEvent<string>("news");
                case "last":
                    return await context.WaitForExternalEvent<string>("carried");
            }

            var part = await context.CallSubOrchestratorAsync<string>("Relay", "child");
            await context.WaitForExternalEvent<string>("go");
            context.SendEvent("listener", "news", part);
            context.ContinueAsNew("last");
            return "";
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
