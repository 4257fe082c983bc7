namespace Vorel.LocalHost.Handler;

/// <summary>The HTTP client for the handler: no cookies, no redirects, no proxy, no trace headers of its own, no time limit.</summary>
internal sealed class HandlerClient : IDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    };

    public HandlerClient()
    {
        Http = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Streaming = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>Reads every answer whole before it gives it out.</summary>
    public HttpClient Http { get; }

    /// <summary>Gives an answer out as soon as its head is there.</summary>
    public HttpMessageInvoker Streaming { get; }

    public void Dispose()
    {
        Http.Dispose();
        Streaming.Dispose();
        _handler.Dispose();
    }
}
