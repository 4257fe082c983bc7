using System.Net.Http.Headers;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Webhooks;

/// <summary>Delivery attempts over HTTP. One instance serves all tenants; it keeps connections per host, and nothing else.</summary>
public sealed class WebhookSender : IWebhookSender, IDisposable
{
    /// <summary>How long an attempt may take in all: name, connection, TLS, headers and body.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private const int ExcerptBytes = 1024;

    private readonly EgressGuard _guard;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;

    /// <summary>Sends through <paramref name="guard"/>.</summary>
    /// <param name="guard">The way out.</param>
    /// <param name="realTime">The real clock: the limit is about waiting for a machine, not about the ladder.</param>
    /// <param name="timeout">The limit of one attempt in all; <see cref="DefaultTimeout"/> if null.</param>
    public WebhookSender(EgressGuard guard, TimeProvider realTime, TimeSpan? timeout = null)
    {
        _guard = guard;
        _time = realTime;
        _timeout = timeout ?? DefaultTimeout;
        _http = new HttpMessageInvoker(guard.CreateHandler());
    }

    /// <inheritdoc/>
    public async Task<AttemptOutcome> Send(WebhookRequest request, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var message = Message(request);
            using var response = await _http.SendAsync(message, either.Token);
            var status = (int)response.StatusCode;
            var excerpt = status < 200 ? default : await ReadExcerpt(response.Content, either.Token);
            cancellationToken.ThrowIfCancellationRequested();
            return new AttemptOutcome(status, AttemptErrors.OfStatus(status), _time.GetElapsedTime(started), excerpt);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Failed(AttemptError.Timeout);
        }
        catch (Exception exception) when (AttemptErrors.OfException(exception) is { } error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failed(error);
        }

        AttemptOutcome Failed(AttemptError error) => new(Status: null, error, _time.GetElapsedTime(started), Excerpt: default);
    }

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Message(WebhookRequest request) => new(HttpMethod.Post, _guard.Check(request.TargetUrl).Uri)
    {
        Headers =
        {
            { WebhookSignature.HeaderName, WebhookSignature.Sign(request.Secret, request.Body.Span) },
            { "User-Agent", "Vorel-Webhooks/1" },
        },
        Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    // The status line is the receiver's answer; the body is only an excerpt for its owner to read. So a body that stalls,
    // breaks off or never ends takes nothing away from the status: what came in time is kept, and the connection is closed.
    private static async Task<ReadOnlyMemory<byte>> ReadExcerpt(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[ExcerptBytes];
        var count = 0;
        try
        {
            await using var body = await content.ReadAsStreamAsync(cancellationToken);
            int read;
            while (count < buffer.Length && (read = await body.ReadAsync(buffer.AsMemory(count), cancellationToken)) > 0)
            {
                count += read;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or HttpRequestException)
        {
            return buffer.AsMemory(0, count);
        }

        return buffer.AsMemory(0, count);
    }
}
