using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>What happens to every call of an HTTP function, whichever way it then goes to the handler.</summary>
internal sealed class HttpFunctions(
    HostConfiguration configuration, HandlerPool handlers, HostKeys keys, HttpThrottle throttle, HttpWays ways, HttpEnvelope envelope, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("host");

    public async Task Call(FunctionDefinition function, HttpContext context, CancellationToken stopping)
    {
        if (!keys.Opens(function, context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (function.IsDisabled && !keys.OpensAdmin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var place = await throttle.Enter(context.RequestAborted);
        if (!place.IsAcquired)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        FrontEndHeaders.Add(context);
        try
        {
            await (ways.For(function) is { } way
                ? Run(way, function, context, await handlers.Ready(function, stopping), stopping)
                : envelope.Call(function, context, stopping));
        }
        catch (Exception error) when (error is TimeoutException || (error is OperationCanceledException && stopping.IsCancellationRequested))
        {
            Fail(function, context, "The local host stops.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task Run(IHttpWay way, FunctionDefinition function, HttpContext context, HandlerEndpoint handler, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource();
        if (configuration.FunctionTimeout is { } longest)
        {
            limit.CancelAfter(longest);
        }

        await using var drain = stopping.Register(() => limit.CancelAfter(HostStop.Drain));

        try
        {
            await way.Send(function, context, handler, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            handlers.Restart(handler);
            Fail(function, context, $"Timeout value of {configuration.FunctionTimeout} exceeded by function: {function.Name}");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Logs.CallerLeft(_logger, function.Name);
        }
        catch (HttpRequestException error) when (error.InnerException is BadHttpRequestException refused)
        {
            Fail(function, context, refused.Message, refused.StatusCode); // The caller's own body is at fault, such as one above the limit.
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(function, context, error.Message);
        }
    }

    /// <summary>Answers with the status or, once an answer has begun, cuts it, so that no part of one passes for the whole.</summary>
    private void Fail(FunctionDefinition function, HttpContext context, string message, int status = StatusCodes.Status500InternalServerError)
    {
        Logs.HttpCallFailed(_logger, function.Name, message);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
    }
}
