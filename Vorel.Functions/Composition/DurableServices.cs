using System.Text.Json;
using Vorel.Core.Messaging;
using Vorel.Durable;
using Vorel.Functions.Hosting;
using Vorel.Functions.Hosting.Envelopes;
using Vorel.Functions.Triggers.Durable;

namespace Vorel.Functions.Composition;

/// <summary>The durable worker: orchestrators and activities by the names of the catalogue.</summary>
internal static class DurableServices
{
    public static void AddDurable(this IServiceCollection services, JsonSerializerOptions payloads)
    {
        services.AddSingleton(new DurableWorkerOptions { JsonOptions = payloads, DescribeFailure = FailureDescriptions.Describe });
        services.AddSingleton(provider => Registry(provider.GetRequiredService<FunctionCatalogue>()));
        services.AddSingleton<OrchestratorEndpoint>();
        services.AddSingleton<ActivityEndpoint>();
        services.AddSingleton<DurableClientBinding>();
        services.AddScoped<CallClient>();
        services.AddScoped<IOrchestrations, DurableOrchestrations>();
        services.AddSingleton<MethodCall>();
        services.AddSingleton<FunctionCall>();
    }

    private static DurableTaskRegistry Registry(FunctionCatalogue catalogue)
    {
        var registry = new DurableTaskRegistry();
        foreach (var function in catalogue.All)
        {
            if (function.Kind == FunctionKind.Orchestrator)
            {
                registry.AddOrchestrator(function.Name, () => (ITaskOrchestrator)Activator.CreateInstance(function.Type, nonPublic: true)!);
            }
            else if (function.Kind == FunctionKind.Activity)
            {
                registry.AddActivity(function.Name, services => (ITaskActivity)ActivatorUtilities.CreateInstance(services, function.Type));
            }
        }

        return registry;
    }
}
