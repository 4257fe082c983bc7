using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vorel.LocalHost.Invocation;

/// <summary>Reads <c>{Function}/function.json</c> below the published app's root, under the host's own validation rules.</summary>
internal sealed partial class FunctionCatalog
{
    private static readonly HashSet<string> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        "httpTrigger", "timerTrigger", "queueTrigger", "orchestrationTrigger", "activityTrigger",
    };

    private FunctionCatalog(IReadOnlyList<FunctionDefinition> functions, IReadOnlyDictionary<string, string> errors)
    {
        Functions = functions;
        Errors = errors;
    }

    /// <summary>The functions that load, by name.</summary>
    public IReadOnlyList<FunctionDefinition> Functions { get; }

    /// <summary>Function name to reason, for the ones that do not load. The others run all the same, as in the real host.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; }

    /// <summary>True where a function is an orchestrator or activity, or binds a Durable client.</summary>
    public bool UsesDurable => Functions.Any(function => function.Bindings.Any(
        binding => binding.Is("orchestrationTrigger") || binding.Is("activityTrigger") || binding.Is("durableClient")));

    /// <summary>A loaded function by its name, in any case.</summary>
    public FunctionDefinition? Find(string name) => Functions.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public static FunctionCatalog Of(params IEnumerable<FunctionDefinition> functions) =>
        new([.. functions], new Dictionary<string, string>(StringComparer.Ordinal));

    public static FunctionCatalog Load(string appRoot)
    {
        var functions = new List<FunctionDefinition>();
        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(appRoot).Order(StringComparer.Ordinal))
        {
            var file = Path.Combine(folder, "function.json");
            if (!File.Exists(file))
            {
                continue;
            }

            var name = Path.GetFileName(folder);
            var (function, error) = Parse(name, File.ReadAllText(file));
            error ??= HttpFault(function!, functions);
            if (error is null)
            {
                functions.Add(function!);
            }
            else
            {
                errors[name] = error;
            }
        }

        return new FunctionCatalog(functions, errors);
    }

    private static (FunctionDefinition? Function, string? Error) Parse(string name, string json)
    {
        if (!FunctionName().IsMatch(name) || name.Equals("host", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "The folder's name is not a function name.");
        }

        JsonObject root;
        try
        {
            root = JsonNode.Parse(json) as JsonObject ?? [];
        }
        catch (JsonException error)
        {
            return (null, $"function.json is not JSON: {error.Message}");
        }

        if (root["disabled"] is JsonValue disabled && disabled.TryGetValue<bool>(out var off) && off)
        {
            return (null, "It is disabled.");
        }

        var bindings = new List<FunctionBinding>();
        foreach (var entry in (root["bindings"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            var binding = new FunctionBinding(Text(entry, "type"), Text(entry, "direction"), Text(entry, "name"), entry);
            if (binding.Type.Length == 0 || binding.Direction.Length == 0)
            {
                return (null, "A binding has no type or no direction.");
            }

            if (binding.Name != "$return" && !BindingName().IsMatch(binding.Name))
            {
                return (null, $"'{binding.Name}' is not a binding name.");
            }

            bindings.Add(binding);
        }

        if (bindings.Select(binding => binding.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() != bindings.Count)
        {
            return (null, "Two bindings have the same name.");
        }

        if (bindings.Count(binding => binding.IsTrigger) != 1)
        {
            return (null, "A function has exactly one trigger.");
        }

        var function = new FunctionDefinition(name, bindings);
        return function.Trigger.Is("httpTrigger") && !function.IsForwarded
            ? (null, "An HTTP function with a further binding gets a JSON envelope instead of the request; the local host does not do that.")
            : !s_known.Contains(function.Trigger.Type)
                ? (null, $"The local host does not know the trigger {function.Trigger.Type}.")
                : (function, null);
    }

    private static string? HttpFault(FunctionDefinition function, List<FunctionDefinition> earlier)
    {
        if (!function.Trigger.Is("httpTrigger"))
        {
            return null;
        }

        if (!HttpAuthLevel.IsKnown(function))
        {
            return $"The local host does not know the authLevel '{HttpAuthLevel.Of(function)}'.";
        }

        var route = HttpRoute.Of(function);
        if (route.IsReserved)
        {
            return $"The route '{route.Template}' starts with 'admin' or 'runtime', which the host keeps for itself.";
        }

        return earlier.Where(other => other.Trigger.Is("httpTrigger")).Select(HttpRoute.Of).FirstOrDefault(route.ClashesWith) is { } taken
            ? $"The route '{taken.Template}' and a method of it belong to another function already."
            : null;
    }

    private static string Text(JsonObject entry, string property) =>
        entry[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]{0,127}$", RegexOptions.None, 1000)]
    private static partial Regex FunctionName();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9]{0,127}$", RegexOptions.None, 1000)]
    private static partial Regex BindingName();
}
