using System.Reflection;
using System.Text.Json.Nodes;

namespace Vorel.Functions.Hosting;

/// <summary>One function of the app.</summary>
/// <param name="Name">Its folder, and the path that the host calls.</param>
/// <param name="Kind">How it is called.</param>
/// <param name="Type">The class it is, or that holds its method.</param>
/// <param name="Method">The method, for functions that are one.</param>
/// <param name="Bindings">The entries of its function.json.</param>
internal sealed record FunctionDefinition(string Name, FunctionKind Kind, Type Type, MethodInfo? Method, IReadOnlyList<JsonObject> Bindings)
{
    /// <summary>The content of its function.json.</summary>
    public JsonObject Describe() => new() { ["bindings"] = new JsonArray([.. Bindings.Select(binding => binding.DeepClone())]) };
}
