using System.Text.Json.Nodes;

namespace Vorel.Functions.Hosting;

/// <summary>The bindings of orchestrators and activities.</summary>
internal static class DurableBindings
{
    /// <summary>The binding that holds an orchestrator's turn.</summary>
    public const string Orchestrator = "context";

    /// <summary>The binding that holds an activity's input.</summary>
    public const string Activity = "input";

    /// <summary>The function.json entry of an orchestrator or activity.</summary>
    public static JsonObject Describe(FunctionKind kind) => kind == FunctionKind.Orchestrator
        ? new JsonObject { ["type"] = "orchestrationTrigger", ["direction"] = "in", ["name"] = Orchestrator }
        : new JsonObject { ["type"] = "activityTrigger", ["direction"] = "in", ["name"] = Activity };
}
