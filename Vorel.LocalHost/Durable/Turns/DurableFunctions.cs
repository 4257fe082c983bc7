using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Durable.Turns;

/// <summary>Orchestrators and activities by name: the folder's, unless the trigger names another. Case does not matter. A disabled one is not there.</summary>
internal sealed class DurableFunctions
{
    private readonly Dictionary<string, FunctionDefinition> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FunctionDefinition> _activities = new(StringComparer.OrdinalIgnoreCase);

    public DurableFunctions(FunctionCatalog catalog)
    {
        foreach (var function in catalog.Enabled)
        {
            if (function.Trigger.Is("orchestrationTrigger"))
            {
                _orchestrators[function.Trigger.Text("orchestration") ?? function.Name] = function;
            }
            else if (function.Trigger.Is("activityTrigger"))
            {
                _activities[function.Trigger.Text("activity") ?? function.Name] = function;
            }
        }
    }

    public FunctionDefinition? Orchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    public FunctionDefinition? Activity(string name) => _activities.GetValueOrDefault(name);
}
