using Vorel.Core;
using Vorel.Durable;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>Runs the function that an envelope is for, and gives what the host is to be answered.</summary>
internal sealed class FunctionCall(
    MethodCall methods, OrchestratorEndpoint orchestrators, ActivityEndpoint activities, ILogger<FunctionCall> log)
{
    /// <summary>Runs the function.</summary>
    /// <returns>The answer's ReturnValue.</returns>
    public async Task<string?> Run(FunctionDefinition function, HttpContext context, CancellationToken cancellationToken)
    {
        if (function.Kind == FunctionKind.Orchestrator)
        {
            var actions = await orchestrators.ExecuteAsync(await Turn(function, context, cancellationToken));
            Failpoints.Reach("mid-turn");
            return actions;
        }

        using var envelope = await Envelope.Read(context.Request.Body, cancellationToken);
        if (function.Kind == FunctionKind.Activity)
        {
            var input = EnvelopeValue.Text(envelope[DurableBindings.Activity]);
            return await activities.ExecuteAsync(function.Name, input, envelope.InstanceId, context.RequestServices, cancellationToken);
        }

        await methods.Run(function, envelope, context.RequestServices, cancellationToken);
        return null;
    }

    /// <summary>
    /// The turn's request. Whatever cannot be read is passed on as an empty one, because the endpoint answers even that with a
    /// proper failure, while an error status would fail the instance with our internals in its output.
    /// </summary>
    private async Task<string> Turn(FunctionDefinition function, HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            using var envelope = await Envelope.Read(context.Request.Body, cancellationToken);
            return EnvelopeValue.Text(envelope[DurableBindings.Orchestrator]);
        }
        catch (Exception exception)
        {
            log.FunctionFailed(function.Name, exception);
            return "";
        }
    }
}
