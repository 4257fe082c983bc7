using System.Text.Json.Nodes;

namespace Vorel.Functions.Hosting;

/// <summary>
/// A surface whose requests the host forwards whole. It stands on the route group of that surface: the function maps the
/// endpoints behind it. It allows no further binding, because the host stops forwarding as soon as there is one.
/// </summary>
internal sealed class HttpTriggerAttribute(AuthorizationLevel level, params string[] methods) : BindingAttribute
{
    /// <summary>The route template of the whole surface, for example <c>v1/{*path}</c>.</summary>
    public required string Route { get; init; }

    /// <summary>The methods that the host lets through; none means all, so that a wrong one gets our 405.</summary>
    public IReadOnlyList<string> Methods { get; } = methods;

    /// <summary>The part of the route in front of its catch-all.</summary>
    public string Prefix => "/" + Route.Split("/{*", 2)[0];

    public override IEnumerable<JsonObject> Describe(string name)
    {
        var trigger = Input("httpTrigger", "req");
        trigger["authLevel"] = level switch
        {
            AuthorizationLevel.Anonymous => "anonymous",
            AuthorizationLevel.Function => "function",
            _ => "admin",
        };
        if (Methods.Count > 0)
        {
            trigger["methods"] = new JsonArray([.. Methods.Select(method => JsonValue.Create(method))]);
        }

        trigger["route"] = Route;
        yield return trigger;
        yield return new JsonObject { ["type"] = "http", ["direction"] = "out", ["name"] = "res" };
    }
}
