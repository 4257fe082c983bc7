using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Invocation;

/// <summary>Reads one <c>function.json</c> under the host's rules for names, bindings and the script file.</summary>
internal sealed partial class FunctionFile(string folder, Func<string, string?> settings)
{
    private static readonly HashSet<string> s_triggers = new(StringComparer.OrdinalIgnoreCase)
    {
        "httpTrigger", "timerTrigger", "queueTrigger", "orchestrationTrigger", "activityTrigger",
    };

    private static readonly HashSet<string> s_inputs = new(StringComparer.OrdinalIgnoreCase) { "durableClient" };
    private static readonly HashSet<string> s_outputs = new(StringComparer.OrdinalIgnoreCase) { "http", "queue", "durableClient" };

    private readonly string _name = Path.GetFileName(folder);

    /// <summary>The function, or what keeps it from loading.</summary>
    public (FunctionDefinition? Function, string? Error) Read()
    {
        if (!FunctionName().IsMatch(_name) || _name.Equals("host", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "The folder's name is not a function name.");
        }

        JsonObject root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "function.json")), documentOptions: HostConfiguration.Lenient) as JsonObject ?? [];
        }
        catch (JsonException error)
        {
            return (null, $"function.json is not JSON: {error.Message}");
        }

        var bindings = (root["bindings"] as JsonArray)?.OfType<JsonObject>()
            .Select(entry => new FunctionBinding(Text(entry, "type"), Text(entry, "direction"), Text(entry, "name"), entry)).ToList() ?? [];
        var (retry, retryFault) = RetryRule.From(root["retry"]);
        return (bindings.Select(Fault).FirstOrDefault(fault => fault is not null) ?? Fault(bindings) ?? ScriptFault(Text(root, "scriptFile")) ?? retryFault) is { } fault
            ? (null, fault)
            : (new FunctionDefinition(_name, bindings) { IsDisabled = IsDisabled(root["disabled"]), Retry = retry }, null);
    }

    private static string? Fault(FunctionBinding binding) =>
        binding.Type.Length == 0 || binding.Direction.Length == 0 ? "A binding has no type or no direction."
        : binding.Direction.ToLowerInvariant() is not ("in" or "out" or "inout") ? $"'{binding.Direction}' is not a direction."
        : binding.Name != "$return" && !BindingName().IsMatch(binding.Name) ? $"'{binding.Name}' is not a binding name."
        : binding.IsTrigger ? Unknown(binding, s_triggers, "trigger")
        : binding.IsInput ? Unknown(binding, s_inputs, "input")
        : Unknown(binding, s_outputs, "output");

    /// <summary>Better not loaded than called without what it binds.</summary>
    private static string? Unknown(FunctionBinding binding, HashSet<string> known, string kind) =>
        known.Contains(binding.Type) ? null : $"The local host has no {kind} of type {binding.Type}.";

    private static string? Fault(List<FunctionBinding> bindings)
    {
        if (bindings.Select(binding => binding.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() != bindings.Count)
        {
            return "Two bindings have the same name.";
        }

        return bindings.Where(binding => binding.IsTrigger).ToList() is [{ IsInput: true }] ? null : "A function has exactly one trigger, with direction in.";
    }

    /// <summary>A custom handler needs no script; one that is named must be there all the same.</summary>
    private string? ScriptFault(string script) =>
        script.Length == 0 || File.Exists(Path.Combine(folder, script)) ? null : $"The scriptFile '{script}' does not exist.";

    /// <summary>Disabled by function.json, itself or by a setting that it names, or by the function's own setting in either spelling.</summary>
    private bool IsDisabled(JsonNode? member) => member switch
    {
        JsonValue value when value.TryGetValue<bool>(out var flag) && flag => true,
        JsonValue value when value.TryGetValue<string>(out var setting) && IsOn(settings(setting.Trim('%'))) => true,
        _ => IsOn(settings($"AzureWebJobs.{_name}.Disabled")) || IsOn(settings($"AzureWebJobs__{_name}__Disabled")),
    };

    private static bool IsOn(string? setting) => setting == "1" || string.Equals(setting, "true", StringComparison.OrdinalIgnoreCase);

    private static string Text(JsonObject entry, string property) =>
        entry[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]{0,127}$", RegexOptions.None, 1000)]
    private static partial Regex FunctionName();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9]{0,127}$", RegexOptions.None, 1000)]
    private static partial Regex BindingName();
}
