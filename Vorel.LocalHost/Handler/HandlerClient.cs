using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Handler;

/// <summary>The HTTP clients for the handler: no cookies, no proxy, no trace headers of their own, no time limit.</summary>
internal sealed class HandlerClient : IDisposable
{
    private readonly SocketsHttpHandler _requests = Handler(followsRedirects: false);
    private readonly SocketsHttpHandler _envelopes;

    public HandlerClient(HostConfiguration configuration)
    {
        _envelopes = Handler(followsRedirects: configuration.Http.Mode == HttpMode.Envelope);
        Http = new HttpClient(_requests, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Streaming = new HttpMessageInvoker(_requests, disposeHandler: false);
        Envelopes = new HttpClient(_envelopes, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Reads every answer whole before it gives it out.</summary>
    public HttpClient Http { get; }

    /// <summary>Gives an answer out as soon as its head is there.</summary>
    public HttpMessageInvoker Streaming { get; }

    /// <summary>Sends envelopes; follows redirects where host.json neither forwards nor proxies requests, as the real host's client does.</summary>
    public HttpClient Envelopes { get; }

    public void Dispose()
    {
        Http.Dispose();
        Streaming.Dispose();
        Envelopes.Dispose();
        _requests.Dispose();
        _envelopes.Dispose();
    }

    private static SocketsHttpHandler Handler(bool followsRedirects) => new()
    {
        UseCookies = false,
        AllowAutoRedirect = followsRedirects,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    };
}
