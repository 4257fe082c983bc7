using System.Reflection;
using Vorel.Durable;

namespace Vorel.Functions.Hosting;

/// <summary>The functions of the app, found once by reflection at start; a fault in one of them stops the start.</summary>
internal sealed class FunctionCatalogue
{
    private readonly Dictionary<string, FunctionDefinition> _byName;

    private FunctionCatalogue(IReadOnlyList<FunctionDefinition> functions)
    {
        All = functions;
        _byName = functions.ToDictionary(function => function.Name, StringComparer.Ordinal);
    }

    /// <summary>The functions of this assembly.</summary>
    public static FunctionCatalogue Default { get; } = Of(typeof(FunctionCatalogue).Assembly.GetTypes());

    /// <summary>Every function, by name.</summary>
    public IReadOnlyList<FunctionDefinition> All { get; }

    /// <summary>The function of exactly this name, or null.</summary>
    public FunctionDefinition? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The functions that <paramref name="types"/> declare.</summary>
    /// <exception cref="InvalidOperationException">The host would refuse one of them; every fault is named.</exception>
    public static FunctionCatalogue Of(IEnumerable<Type> types)
    {
        var functions = types.SelectMany(Declared).OrderBy(function => function.Name, StringComparer.Ordinal).ToList();
        var faults = FunctionRules.Check(functions);
        return faults.Count == 0
            ? new FunctionCatalogue(functions)
            : throw new InvalidOperationException("The functions do not hold together: " + string.Join(" ", faults));
    }

    private static IEnumerable<FunctionDefinition> Declared(Type type)
    {
        const BindingFlags declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods = type.GetMethods(declared).Select(OfMethod).OfType<FunctionDefinition>();
        return OfClass(type) is { } task ? methods.Append(task) : methods;
    }

    private static FunctionDefinition? OfClass(Type type)
    {
        if (type.GetCustomAttribute<DurableTaskAttribute>() is not { } task)
        {
            return null;
        }

        var kind = type.IsAssignableTo(typeof(ITaskOrchestrator)) ? FunctionKind.Orchestrator : FunctionKind.Activity;
        return new FunctionDefinition(task.Name, kind, type, Method: null, [DurableBindings.Describe(kind)]);
    }

    private static FunctionDefinition? OfMethod(MethodInfo method)
    {
        if (method.GetCustomAttribute<FunctionAttribute>() is not { } function)
        {
            return null;
        }

        var bindings = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Binding: parameter.GetCustomAttribute<BindingAttribute>()))
            .Where(bound => bound.Binding is not null)
            .ToList();
        var kind = bindings.Exists(bound => bound.Binding is HttpTriggerAttribute) ? FunctionKind.Http : FunctionKind.Method;
        var described = bindings.SelectMany(bound => bound.Binding!.Describe(bound.Parameter.Name!)).ToList();
        return new FunctionDefinition(function.Name, kind, method.DeclaringType!, method, described);
    }
}
