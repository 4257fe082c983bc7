using System.Text.Json.Nodes;

namespace Vorel.Functions.Hosting;

/// <summary>A parameter that the host fills, and what function.json says about it.</summary>
[AttributeUsage(AttributeTargets.Parameter, Inherited = false)]
internal abstract class BindingAttribute : Attribute
{
    /// <summary>The binding that starts the function; every function has exactly one.</summary>
    public virtual bool IsTrigger => true;

    /// <summary>The binding's entries in function.json.</summary>
    /// <param name="name">The binding's name: that of the parameter.</param>
    public abstract IEnumerable<JsonObject> Describe(string name);

    private protected static JsonObject Input(string type, string name) =>
        new() { ["type"] = type, ["direction"] = "in", ["name"] = name };
}
