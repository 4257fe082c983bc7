using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Invocation.Outputs;

/// <summary>Writes the output bindings of a function after its success.</summary>
internal sealed class OutputBindings(QueueOutput queues, OrchestrationOutput orchestrations)
{
    /// <summary>
    /// The result itself once all is written. What cannot be written fails the call, although the function succeeded: its trigger
    /// repeats it, as in the real host. Values without a binding are ignored, as there; an HTTP answer is its trigger's business.
    /// </summary>
    public async Task<InvocationResult> Write(FunctionDefinition function, InvocationResult.Success success, CancellationToken cancellationToken)
    {
        foreach (var binding in function.Outputs.Where(output => !output.Is("http")))
        {
            if (ValueFor(function, binding, success) is not { } value)
            {
                continue;
            }

            try
            {
                await (binding.Is("queue") ? queues.Write(binding, value, cancellationToken) : orchestrations.Write(binding, value, cancellationToken));
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                return new InvocationResult.Failure(
                    InvocationFailure.OutputFailed, $"Error while handling parameter {binding.Name} after function returned: {error.Message}");
            }
        }

        return success;
    }

    /// <summary>
    /// What the answer holds for a binding. The members of an object in ReturnValue count as outputs too, before those of the same name
    /// under Outputs, unless <c>$return</c> is bound; they alone are never decoded.
    /// </summary>
    private static OutputValue? ValueFor(FunctionDefinition function, FunctionBinding binding, InvocationResult.Success success)
    {
        if (binding.Name == "$return")
        {
            return OutputValue.From(success.ReturnValue, decode: !binding.IsBinary);
        }

        return !function.Outputs.Any(output => output.Name == "$return")
            && success.ReturnValue is JsonObject members && members.TryGetPropertyValue(binding.Name, out var member)
                ? OutputValue.From(member, decode: false)
                : OutputValue.From(success.Outputs.GetValueOrDefault(binding.Name), decode: !binding.IsBinary);
    }
}
