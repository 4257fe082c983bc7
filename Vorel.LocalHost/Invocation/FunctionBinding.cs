using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Invocation;

/// <summary>One entry of <c>bindings</c> in a function.json file.</summary>
/// <param name="Type">The binding's type as written, such as <c>queueTrigger</c>; compare without case.</param>
/// <param name="Direction"><c>in</c> or <c>out</c>.</param>
/// <param name="Name">The parameter's name: the key of its value in <c>Data</c> or <c>Outputs</c>.</param>
/// <param name="Properties">The whole entry, for what only this type knows.</param>
internal sealed record FunctionBinding(string Type, string Direction, string Name, JsonObject Properties)
{
    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    public bool IsInput => Direction.Equals("in", StringComparison.OrdinalIgnoreCase);

    public bool IsBinary => string.Equals(Text("dataType"), "binary", StringComparison.OrdinalIgnoreCase);

    public bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>A text property of the entry, or null where it is absent.</summary>
    public string? Text(string property) =>
        Properties.TryGetPropertyValue(property, out var value) && value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : null;

    public bool Flag(string property, bool fallback) =>
        Properties.TryGetPropertyValue(property, out var value) && value is JsonValue scalar && scalar.TryGetValue<bool>(out var flag) ? flag : fallback;

    /// <summary>The values of a property that is an array of texts; empty where it is absent.</summary>
    public IReadOnlyList<string> Texts(string property) =>
        Properties.TryGetPropertyValue(property, out var value) && value is JsonArray list
            ? [.. list.OfType<JsonValue>().Select(item => item.GetValue<string>())]
            : [];
}
