namespace Vorel.LocalHost.Invocation;

/// <summary>The levels that an httpTrigger's <c>authLevel</c> may name.</summary>
internal static class HttpAuthLevel
{
    public const string Anonymous = "anonymous";
    public const string Function = "function";
    public const string Admin = "admin";

    /// <summary>The function's level in lower case; one that names none asks for a function key.</summary>
    public static string Of(FunctionDefinition function) => (function.Trigger.Text("authLevel") ?? Function).ToLowerInvariant();

    public static bool IsKnown(FunctionDefinition function) => Of(function) is Anonymous or Function or Admin;
}
