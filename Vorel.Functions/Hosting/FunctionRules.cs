using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vorel.Functions.Hosting;

/// <summary>The rules by which the Functions host accepts a function; it drops what breaks them, so we refuse it first.</summary>
internal static partial class FunctionRules
{
    /// <summary>One sentence per broken rule; empty when all is well.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<FunctionDefinition> functions) =>
        [.. functions.SelectMany(CheckOne), .. CheckUnique(functions, "name", function => function.Name), .. CheckUnique(functions, "route", Route)];

    private static IEnumerable<string> CheckOne(FunctionDefinition function)
    {
        if (!FunctionName().IsMatch(function.Name) || string.Equals(function.Name, "host", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"'{function.Name}' is not a name that the host accepts.";
        }

        var triggers = function.Bindings.Count(binding => Text(binding, "type").EndsWith("Trigger", StringComparison.Ordinal));
        if (triggers != 1)
        {
            yield return $"'{function.Name}' has {triggers} triggers, not one.";
        }

        if (function.Kind == FunctionKind.Http && function.Bindings.Count != 2)
        {
            yield return $"'{function.Name}' would not be forwarded: beside its HTTP trigger it may have no further binding.";
        }

        if (function.Bindings.Any(binding => !BindingName().IsMatch(Text(binding, "name")))
            || function.Bindings.DistinctBy(binding => Text(binding, "name"), StringComparer.OrdinalIgnoreCase).Count() != function.Bindings.Count)
        {
            yield return $"'{function.Name}' has a binding without a proper name of its own.";
        }

        if (Route(function) is { } route && (route.StartsWith("admin", StringComparison.Ordinal) || route.StartsWith("runtime", StringComparison.Ordinal)))
        {
            yield return $"'{function.Name}' has a route that the host keeps for itself.";
        }

        if (Route(function) is { } template && (template.Length == 0 || template.StartsWith('{')))
        {
            yield return $"'{function.Name}' has a catch-all at the root, which would let the public reach the host's own calls.";
        }
    }

    private static IEnumerable<string> CheckUnique(IEnumerable<FunctionDefinition> functions, string what, Func<FunctionDefinition, string?> key) =>
        functions.Where(function => key(function) is not null)
            .GroupBy(key, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"The {what} '{group.Key}' is taken twice.");

    private static string? Route(FunctionDefinition function) => function.Kind == FunctionKind.Http
        ? Text(function.Bindings[0], "route").Trim('/').ToLowerInvariant()
        : null;

    private static string Text(JsonObject binding, string member) => binding[member]?.GetValue<string>() ?? "";

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_\-]{0,127}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]{0,127}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BindingName();
}
