namespace Vorel.LocalHost.Invocation;

/// <summary>A function of the published app: the folder's name and what its function.json binds.</summary>
internal sealed record FunctionDefinition(string Name, IReadOnlyList<FunctionBinding> Bindings)
{
    /// <summary>True where function.json or a setting switches it off: it is known, and nothing calls it.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>How a failed call is repeated, or null; see <see cref="RetryRule"/> for who honours it.</summary>
    public RetryRule? Retry { get; init; }

    /// <summary>The one trigger binding; the catalog refuses a function with none or several.</summary>
    public FunctionBinding Trigger => Bindings.Single(binding => binding.IsTrigger);

    public IEnumerable<FunctionBinding> Outputs => Bindings.Where(binding => !binding.IsInput);

    /// <summary>
    /// True where whole HTTP requests are forwarded: exactly one input, an httpTrigger, and exactly one output, http.
    /// Any further binding sends the function to the JSON envelope.
    /// </summary>
    public bool IsForwarded =>
        Bindings.Count == 2 && Bindings.Any(binding => binding.IsInput && binding.Is("httpTrigger"))
        && Bindings.Any(binding => !binding.IsInput && binding.Is("http"));
}
