namespace Vorel.LocalHost.Invocation;

/// <summary>The route an HTTP function declares: template without slashes at its ends, and methods (none = all).</summary>
internal sealed record HttpRoute(string Template, IReadOnlyList<string> Methods)
{
    /// <summary>The host compares the first characters, not the first segment: <c>administrators</c> is refused too.</summary>
    public bool IsReserved =>
        Template.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || Template.StartsWith("runtime", StringComparison.OrdinalIgnoreCase);

    public static HttpRoute Of(FunctionDefinition function) =>
        new((function.Trigger.Text("route") ?? function.Name).Trim('/'), function.Trigger.Texts("methods"));

    public bool Allows(string method) => Methods.Count == 0 || Methods.Contains(method, StringComparer.OrdinalIgnoreCase);

    public bool ClashesWith(HttpRoute other) =>
        Template.Equals(other.Template, StringComparison.OrdinalIgnoreCase)
        && (Methods.Count == 0 || other.Methods.Count == 0 || Methods.Any(other.Allows));
}
