using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>
/// Takes the Functions host's own calls out of the traffic, before any routing. What names a function without being the
/// host's call is logged and goes on to the public surfaces like everything else; they know no function name, so that it
/// gets the very 404 that any other address gets.
/// </summary>
internal sealed class HostCalls(RequestDelegate next, FunctionCatalogue catalogue, FunctionCall call, ILogger<HostCalls> log)
{
    /// <summary>Longest a single call may take; far below the host's functionTimeout, which would kill the whole process.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);

    /// <summary>Largest body of a call, in bytes: many times the largest history that our orchestrations come to, and little enough to hold in memory.</summary>
    private const long LargestCall = 64 * 1024 * 1024;

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
            await next(context);
            return;
        }

        BePatient(context);
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestCall;
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

    /// <summary>
    /// Lifts the server's least data rates, which keep slow strangers off: a host that pauses in the middle of a turn would have
    /// its connection cut, and that fails the instance for good.
    /// </summary>
    private static void BePatient(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } reading)
        {
            reading.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } writing)
        {
            writing.MinDataRate = null;
        }
    }
}
