using System.Net;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http.Forwarding;

/// <summary><c>enableForwardingHttpRequest</c>: forwards a whole request to the handler and its whole, buffered answer back.</summary>
internal sealed class BufferedForwarding(HandlerClient client) : IHttpWay
{
    private static readonly HashSet<string> s_connectionHeaders = new(StringComparer.OrdinalIgnoreCase) { "Transfer-Encoding", "Connection", "Keep-Alive" };

    public async Task Send(FunctionDefinition function, HttpContext context, HandlerEndpoint handler, CancellationToken limit)
    {
        using var request = ForwardedRequest.Build(context.Request, handler.Address, Guid.NewGuid());
        using var answer = await client.Http.SendAsync(request, limit); // Not the caller's token: a caller that leaves ends nothing.
        await Copy(answer, context.Response);
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
}
