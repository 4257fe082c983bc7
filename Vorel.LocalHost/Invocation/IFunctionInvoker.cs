namespace Vorel.LocalHost.Invocation;

/// <summary>Calls a function of the handler through the JSON envelope, <c>POST /{FunctionName}</c>.</summary>
internal interface IFunctionInvoker
{
    /// <summary>
    /// One call. Waits while the handler starts. Inputs of type durableClient are added to <paramref name="data"/> here,
    /// and <c>sys</c> to <paramref name="metadata"/>. Never throws for what the handler does; see <see cref="InvocationResult"/>.
    /// </summary>
    /// <param name="function">The function to call.</param>
    /// <param name="data">Values by binding name: the trigger's first.</param>
    /// <param name="metadata">The trigger's metadata in its order; see <see cref="TriggerMetadata"/> for what a JSON payload adds.</param>
    /// <param name="cancellationToken">The host stops. Nothing else ends a call before functionTimeout, as in the real host.</param>
    Task<InvocationResult> Invoke(
        FunctionDefinition function,
        IReadOnlyDictionary<string, BindingValue> data,
        IReadOnlyDictionary<string, BindingValue> metadata,
        CancellationToken cancellationToken);
}
