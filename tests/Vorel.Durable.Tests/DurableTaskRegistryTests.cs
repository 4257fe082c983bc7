using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vorel.Durable.Tests.Engine;

namespace Vorel.Durable.Tests;

public sealed class DurableTaskRegistryTests
{
    [Fact]
    public void Tasks_are_known_by_their_attributes_names()
    {
        var registry = new DurableTaskRegistry().AddOrchestrator<NamedFlow>().AddActivity<NamedWork>();

        Assert.Equal(["Flow"], registry.OrchestratorNames);
        Assert.Equal(["NamedWork"], registry.ActivityNames);
    }

    [Fact]
    public void A_name_may_be_taken_once_whatever_its_case()
    {
        var registry = new DurableTaskRegistry().AddOrchestrator<NamedFlow>();

        Assert.Throws<ArgumentException>(() => registry.AddOrchestrator("FLOW", () => new NamedFlow()));
    }

    [Fact]
    public void A_type_without_a_name_and_a_name_for_entities_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DurableTaskRegistry().AddActivity<LambdaActivity<int, int>>());
        Assert.Throws<ArgumentException>(() => new DurableTaskRegistry().AddOrchestrator("@counter", () => new NamedFlow()));
    }

    [Fact]
    public async Task Activities_come_from_the_calls_services()
    {
        var endpoint = new ActivityEndpoint(new DurableTaskRegistry().AddActivity<NamedWork>(), TestWorker.Options, new RecordingLog());

        Assert.Equal("{\"ok\":true,\"value\":7}", await endpoint.ExecuteAsync("namedwork", null, "i", new Services(), CancellationToken.None));
        Assert.Contains(
            "System.InvalidOperationException",
            await endpoint.ExecuteAsync("NamedWork", null, "i", NoServices.Instance, CancellationToken.None),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Payloads_are_never_written_by_reflection()
    {
        foreach (var options in new[]
        {
            new JsonSerializerOptions(),
            new JsonSerializerOptions { TypeInfoResolver = JsonTypeInfoResolver.Combine(TestJson.Default, new DefaultJsonTypeInfoResolver()) },
        })
        {
            Assert.Throws<ArgumentException>(() => new OrchestratorEndpoint(
                new DurableTaskRegistry(), new DurableWorkerOptions { JsonOptions = options }, new RecordingLog()));
        }
    }

    [Fact]
    public void A_type_without_metadata_is_a_failure_that_names_it()
    {
        var hub = new TestHub(new DurableTaskRegistry().Orchestrator(context => context.CallActivityAsync<string>("Work", new Version(1, 2))));

        Assert.Equal(
            "The input of 'Work' of type System.Version cannot be written as JSON.",
            hub.Start().RunToEnd().FailureDetails.ErrorMessage);
    }

    [DurableTask("Flow")]
    private sealed class NamedFlow : TaskOrchestrator<int, int>
    {
        public override Task<int> RunAsync(TaskOrchestrationContext context, int input) => Task.FromResult(input);
    }

    [DurableTask(nameof(NamedWork))]
    private sealed class NamedWork : TaskActivity<string?, int>
    {
        public override Task<int> RunAsync(TaskActivityContext context, string? input) => Task.FromResult(7);
    }

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(NamedWork) ? new NamedWork() : null;
    }
}
