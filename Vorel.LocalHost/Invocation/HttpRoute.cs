using Microsoft.AspNetCore.Routing.Patterns;

namespace Vorel.LocalHost.Invocation;

/// <summary>The route an HTTP function declares: template without slashes at its ends, and methods (none = all).</summary>
internal sealed record HttpRoute(string Template, IReadOnlyList<string> Methods)
{
    private static readonly RouteOptions s_known = new();

    /// <summary>The host compares the first characters, not the first segment: <c>administrators</c> is refused too.</summary>
    public bool IsReserved =>
        Template.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || Template.StartsWith("runtime", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is wrong with the template, or null. One that is wrong would take every other route down with it.</summary>
    public string? TemplateFault
    {
        get
        {
            try
            {
                var constraints = RoutePatternFactory.Parse(Template).ParameterPolicies.Values.SelectMany(policies => policies);
                return constraints.Select(policy => policy.Content!.Split('(')[0]).FirstOrDefault(name => !s_known.ConstraintMap.ContainsKey(name)) is { } unknown
                    ? $"there is no constraint '{unknown}'."
                    : null;
            }
            catch (RoutePatternException error)
            {
                return error.Message;
            }
        }
    }

    /// <summary>The function's route; one that declares none, or an empty one, has its own name.</summary>
    public static HttpRoute Of(FunctionDefinition function)
    {
        var declared = function.Trigger.Text("route");
        return new HttpRoute((string.IsNullOrWhiteSpace(declared) ? function.Name : declared).Trim('/'), function.Trigger.Texts("methods"));
    }

    public bool Allows(string method) => Methods.Count == 0 || Methods.Contains(method, StringComparer.OrdinalIgnoreCase);

    public bool ClashesWith(HttpRoute other) =>
        Template.Equals(other.Template, StringComparison.OrdinalIgnoreCase)
        && (Methods.Count == 0 || other.Methods.Count == 0 || Methods.Any(other.Allows));
}
