namespace Vorel.LocalHost.Handler;

/// <summary>The HTTP client for the handler: no cookies, no redirects, no proxy, no trace headers of its own, no time limit.</summary>
internal sealed class HandlerClient : IDisposable
{
    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => Http.Dispose();
}
