using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Invocation;

/// <summary>What came of one call to the handler.</summary>
internal abstract record InvocationResult
{
    /// <summary>A 2xx answer with a JSON object.</summary>
    /// <param name="ReturnValue">The member ReturnValue, or null.</param>
    /// <param name="Outputs">The values for the function's output bindings, by binding name.</param>
    public sealed record Success(JsonNode? ReturnValue, IReadOnlyDictionary<string, JsonNode?> Outputs) : InvocationResult;

    /// <summary>The call failed; what that means is the trigger's business.</summary>
    /// <param name="Kind">How it failed.</param>
    /// <param name="Message">The failure in the host's words, such as "Response status code does not indicate success: 500 (Reason).".</param>
    /// <param name="Why">What the log says in place of the host's words, where those do not help; null where they do.</param>
    public sealed record Failure(InvocationFailure Kind, string Message, string? Why = null) : InvocationResult;
}
