using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http.Proxying;

/// <summary>
/// <c>enableProxyingHttpRequest</c>: what the reverse proxy of newer hosts does. Bodies pass in both directions as they come, a caller
/// that leaves ends the call at the handler too, and so does a silence of four minutes.
/// </summary>
internal sealed class StreamingProxy(HostConfiguration configuration, HandlerClient client) : IHttpWay
{
    private const int MaxAttempts = 10;
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(250);

    public async Task Send(FunctionDefinition function, HttpContext context, HandlerEndpoint handler, CancellationToken limit)
    {
        using var activity = new ActivityTimeout(configuration.Http.ProxyInactivity, context.RequestAborted, limit);
        using var request = ProxiedRequest.Build(context, handler.Address, Guid.NewGuid(), activity);
        try
        {
            using (var answer = await SendPatiently(request, activity))
            {
                ProxyHeaders.CopyAnswer(answer, context);
                await using var body = await answer.Content.ReadAsStreamAsync(activity.Token);
                await activity.Copy(body, context.Response.Body);
            }

            await Settled(request);
        }
        catch (Exception error)
        {
            var silent = error is OperationCanceledException && activity.HasRunOut;
            await activity.End();
            await Settled(request);
            if (silent)
            {
                throw new TimeoutException($"No byte moved for {configuration.Http.ProxyInactivity}.", error);
            }

            throw;
        }
    }

    /// <summary>The caller's body must not be read after the call: the server uses it for the next one.</summary>
    private static Task Settled(HttpRequestMessage request) => (request.Content as StreamedContent)?.Settled() ?? Task.CompletedTask;

    /// <summary>
    /// A call whose connection fails is sent again, though the handler may have got it: up to ten times, unless a body was begun.
    /// </summary>
    private async Task<HttpResponseMessage> SendPatiently(HttpRequestMessage request, ActivityTimeout activity)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await client.Streaming.SendAsync(request, activity.Token);
                activity.Reset();
                return answer;
            }
            catch (HttpRequestException) when (attempt < MaxAttempts && request.Content is not StreamedContent { IsBegun: true })
            {
                await Task.Delay(pause, activity.Token);
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
        }
    }
}
