using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.Functions.Triggers.Durable;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Tests.Durable.Support;

/// <summary>The product's orchestrators behind a hub, with activities that a test scripts and turns that it may hold.</summary>
internal sealed class Flows
{
    private readonly OrchestratorEndpoint _orchestrators;
    private readonly ActivityEndpoint _activities;

    public Flows()
    {
        var registry = new DurableTaskRegistry()
            .AddOrchestrator("RecordLifecycle", static () => new RecordLifecycle())
            .AddOrchestrator("WebhookDelivery", static () => new WebhookDelivery())
            .AddActivity("MirrorRecord", _ => new Step<RecordReference>(() => Mirror()))
            .AddActivity("LoadDelivery", static _ => new Step<DeliveryInput>(static () => Task.FromResult(NextStep.Now)))
            .AddActivity("AttemptDelivery", _ => new Step<DeliveryInput>(() => Attempt()));
        var options = new DurableWorkerOptions { JsonOptions = FlowJson.Default.Options };
        _orchestrators = new OrchestratorEndpoint(registry, options, NullLoggerFactory.Instance);
        _activities = new ActivityEndpoint(registry, options, NullLoggerFactory.Instance);
        Handler = new ScriptedHandler().Orchestrator("RecordLifecycle", Turn).Orchestrator("WebhookDelivery", Turn);
        foreach (var name in (string[])["MirrorRecord", "LoadDelivery", "AttemptDelivery"])
        {
            Handler.Activity(name, async wire => ScriptedHandler.Returns(
                await _activities.ExecuteAsync(name, Unquoted(wire), "any", NoServices.Instance, CancellationToken.None)));
        }
    }

    public ScriptedHandler Handler { get; }

    /// <summary>What the activity of a record does and says.</summary>
    public Func<Task<NextStep>> Mirror { get; set; } = static () => Task.FromResult(NextStep.Done);

    /// <summary>What an attempt of a delivery does and says.</summary>
    public Func<Task<NextStep>> Attempt { get; set; } = static () => Task.FromResult(NextStep.Done);

    /// <summary>Runs when an orchestrator has decided, before the hub hears of it.</summary>
    public Func<OrchestratorResponse, Task> Decided { get; set; } = static _ => Task.CompletedTask;

    private static string Unquoted(string wire) => JsonSerializer.Deserialize<string>(JsonSerializer.Deserialize<string>(wire)!)!;

    private async Task<InvocationResult> Turn(OrchestratorRequest request)
    {
        var answer = _orchestrators.Execute(Convert.ToBase64String(request.ToByteArray()));
        await Decided(OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer)));
        return ScriptedHandler.Returns(answer);
    }

    private sealed class Step<TInput>(Func<Task<NextStep>> script) : TaskActivity<TInput, NextStep>
    {
        public override Task<NextStep> RunAsync(TaskActivityContext context, TInput input) => script();
    }

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
