namespace Vorel.LocalHost.Invocation;

/// <summary>Reads <c>{Function}/function.json</c> below the published app's root, under the host's own validation rules.</summary>
internal sealed class FunctionCatalog
{
    private FunctionCatalog(IReadOnlyList<FunctionDefinition> functions, IReadOnlyDictionary<string, string> errors)
    {
        Functions = functions;
        Errors = errors;
    }

    /// <summary>The functions that load, by name, disabled ones too.</summary>
    public IReadOnlyList<FunctionDefinition> Functions { get; }

    /// <summary>The functions that load and are not disabled: those that triggers may call.</summary>
    public IEnumerable<FunctionDefinition> Enabled => Functions.Where(function => !function.IsDisabled);

    /// <summary>Function name to reason, for the ones that do not load. The others run all the same, as in the real host.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; }

    /// <summary>True where a function is an orchestrator or activity, or binds a Durable client.</summary>
    public bool UsesDurable => Functions.Any(function => function.Bindings.Any(
        binding => binding.Is("orchestrationTrigger") || binding.Is("activityTrigger") || binding.Is("durableClient")));

    /// <summary>A loaded function by its name, in any case.</summary>
    public FunctionDefinition? Find(string name) => Functions.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public static FunctionCatalog Of(params IEnumerable<FunctionDefinition> functions) =>
        new([.. functions], new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Reads every function's file; <paramref name="settings"/> looks a setting up by name.</summary>
    public static FunctionCatalog Load(string appRoot, Func<string, string?> settings)
    {
        var functions = new List<FunctionDefinition>();
        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(appRoot).Order(StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(folder, "function.json")))
            {
                continue;
            }

            var (function, error) = new FunctionFile(folder, settings).Read();
            error ??= HttpFault(function!, functions);
            if (error is null)
            {
                functions.Add(function!);
            }
            else
            {
                errors[Path.GetFileName(folder)] = error;
            }
        }

        return new FunctionCatalog(functions, errors);
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

        if (route.TemplateFault is { } fault)
        {
            return $"The route '{route.Template}' cannot be used: {fault}";
        }

        return earlier.Where(other => other.Trigger.Is("httpTrigger")).Select(HttpRoute.Of).FirstOrDefault(route.ClashesWith) is { } taken
            ? $"The route '{taken.Template}' and a method of it belong to another function already."
            : null;
    }
}
