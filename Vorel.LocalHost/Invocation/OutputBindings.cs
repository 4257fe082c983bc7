namespace Vorel.LocalHost.Invocation;

/// <summary>Carries out the output bindings of a function after its success.</summary>
internal static class OutputBindings
{
    /// <summary>
    /// The result itself where the function declares no output that the answer fills. Values without a binding are ignored, as in
    /// the real host, and an HTTP answer is its trigger's business; an output type that the local host does not know fails the call, so that nothing gets lost unseen.
    /// </summary>
    public static InvocationResult Write(FunctionDefinition function, InvocationResult.Success success)
    {
        var filled = function.Outputs.Where(output => !output.Is("http")).FirstOrDefault(
            output => output.Name == "$return" ? success.ReturnValue is not null : success.Outputs.ContainsKey(output.Name));
        return filled is null
            ? success
            : new InvocationResult.Failure(
                InvocationFailure.BadAnswer, $"The local host has no output binding of type '{filled.Type}' ('{filled.Name}' of {function.Name}).");
    }
}
