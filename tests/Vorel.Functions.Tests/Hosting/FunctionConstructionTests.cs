using Microsoft.Extensions.DependencyInjection;
using Vorel.Durable;
using Vorel.Functions.Hosting;
using Vorel.Functions.Hosting.Envelopes;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Hosting;

public sealed class FunctionConstructionTests
{
    [Fact]
    public async Task Every_function_that_the_host_calls_can_be_made_within_a_call()
    {
        await using var api = await ApiHarness.Start();

        foreach (var function in FunctionCatalogue.Default.All.Where(function => function.Kind != FunctionKind.Http))
        {
            await using var call = api.Handler.Services.CreateAsyncScope();
            call.ServiceProvider.GetRequiredService<CallClient>().Client =
                new DurableTaskClient(new HttpClient(), new Uri("http://127.0.0.1:1"), call.ServiceProvider.GetRequiredService<DurableWorkerOptions>().JsonOptions);

            Assert.IsType(function.Type, ActivatorUtilities.CreateInstance(call.ServiceProvider, function.Type));
        }
    }

    [Fact]
    public async Task Every_orchestrator_and_activity_of_the_catalogue_is_known_to_the_worker()
    {
        await using var api = await ApiHarness.Start();
        var registry = api.Handler.Services.GetRequiredService<DurableTaskRegistry>();

        Assert.Equal(["RecordLifecycle", "WebhookDelivery"], registry.OrchestratorNames.Order(StringComparer.Ordinal));
        Assert.Equal(["AttemptDelivery", "LoadDelivery", "MirrorRecord"], registry.ActivityNames.Order(StringComparer.Ordinal));
    }
}
