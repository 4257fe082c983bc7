using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>Forwards a whole request to the handler and its whole, buffered answer back.</summary>
internal sealed class Forwarder(HostConfiguration configuration, HandlerPool handlers, HandlerClient client, HostKeys keys, ILoggerFactory loggers)
{
    private static readonly HashSet<string> s_connectionHeaders = new(StringComparer.OrdinalIgnoreCase) { "Transfer-Encoding", "Connection", "Keep-Alive" };

    private readonly ILogger _logger = loggers.CreateLogger("host");

    public async Task Forward(FunctionDefinition function, HttpContext context, CancellationToken stopping)
    {
        if (!keys.Opens(function, context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        FrontEndHeaders.Add(context);
        try
        {
            await Call(function, context, await handlers.Ready(function, stopping), stopping);
        }
        catch (Exception error) when (error is TimeoutException || (error is OperationCanceledException && stopping.IsCancellationRequested))
        {
            Fail(function, context, "The local host stops.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task Call(FunctionDefinition function, HttpContext context, HandlerEndpoint handler, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource();
        if (configuration.FunctionTimeout is { } longest)
        {
            limit.CancelAfter(longest);
        }

        await using var drain = stopping.Register(() => limit.CancelAfter(HostStop.Drain));

        try
        {
            using var request = ForwardedRequest.Build(context.Request, handler.Address, Guid.NewGuid());
            using var answer = await client.Http.SendAsync(request, limit.Token); // Not the caller's token: a caller that leaves ends nothing.
            await Copy(answer, context.Response);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            handlers.Restart(handler);
            Fail(function, context, $"Timeout value of {configuration.FunctionTimeout} exceeded by function: {function.Name}");
        }
        catch (HttpRequestException error) when (error.InnerException is BadHttpRequestException refused)
        {
            Fail(function, context, refused.Message, refused.StatusCode); // The caller's own body is at fault, such as one above the limit.
        }
        catch (Exception error) when (error is HttpRequestException or UriFormatException or FormatException or BadHttpRequestException)
        {
            Fail(function, context, error.Message);
        }
    }

    private static async Task Copy(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (!s_connectionHeaders.Contains(name))
            {
                response.Headers.Append(name, values.ToArray());
            }
        }

        if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            await answer.Content.CopyToAsync(response.Body, CancellationToken.None); // Even nothing, written to those two, is an error.
        }
    }

    private void Fail(FunctionDefinition function, HttpContext context, string message, int status = StatusCodes.Status500InternalServerError)
    {
        Logs.ForwardingFailed(_logger, function.Name, message);
        if (context.Features.Get<IHttpResponseFeature>() is { HasStarted: false })
        {
            context.Response.Clear();
            context.Response.StatusCode = status;
        }
    }
}
