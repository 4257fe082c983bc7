using Vorel.Functions.Api.Problems;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>
/// Takes the Functions host's own calls out of the traffic, before any routing. What names a function without being the
/// host's call is answered 404 and logged; everything else goes on to the public surfaces, which know no function name.
/// </summary>
internal sealed class HostCalls(RequestDelegate next, FunctionCatalogue catalogue, FunctionCall call, ILogger<HostCalls> log)
{
    /// <summary>Longest a single call may take; far below the host's functionTimeout, which would kill the whole process.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);

    public async Task InvokeAsync(HttpContext context)
    {
        if (EnvelopeGuard.Target(context, catalogue) is not { } function)
        {
            await next(context);
            return;
        }

        if (EnvelopeGuard.Refusal(context) is { } reason)
        {
            log.HostCallRefused(function.Name, reason);
            await ProblemAnswer.Write(context, Problem.NotFound);
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(s_deadline);
        try
        {
            await EnvelopeAnswer.Write(context, await call.Run(function, context, deadline.Token));
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            log.FunctionFailed(function.Name, exception);
            EnvelopeAnswer.Failed(context, exception.GetType().Name);
        }
    }
}
