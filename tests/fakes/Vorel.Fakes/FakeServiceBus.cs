using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vorel.Fakes;

/// <summary>
/// One topic of a Service Bus namespace as its documentation describes it: a real server on loopback ports, one with TLS, that takes
/// messages over the REST interface, strictly, and drops repeats of a MessageId within ten minutes.
/// </summary>
/// <remarks>
/// https://learn.microsoft.com/rest/api/servicebus/send-message-to-queue (requests, status codes), …/message-headers-and-properties,
/// https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection, …/service-bus-quotas, …/service-bus-sas.
/// Written from those pages: nobody has compared it with the service.
/// </remarks>
public sealed class FakeServiceBus : IAsyncDisposable
{
    /// <summary>The one topic there is.</summary>
    public const string Topic = "vorel-events";

    private const int MaxMessageSize = 256 * 1024;
    private const int MaxIdLength = 128;

    private static readonly TimeSpan s_duplicateWindow = TimeSpan.FromMinutes(10);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _ids = new(StringComparer.Ordinal);
    private readonly List<BusMessage> _messages = [];
    private readonly TimeProvider _time;
    private int _requests;

    /// <param name="time">The clock of duplicate detection and of tokens; the system's if not given.</param>
    public FakeServiceBus(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Access = new BusAccess(_time);
        Certificate = Certificates.SelfSigned();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(Certificate));
        });
        _app = builder.Build();
        _app.Run(Serve);
    }

    /// <summary>Whom it lets in.</summary>
    public BusAccess Access { get; }

    /// <summary>Its certificate, which nobody trusts unless told to.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What happens to the next requests, one each.</summary>
    public ConcurrentQueue<BusFault> Faults { get; } = new();

    /// <summary>What happens to every request without a fault of its own.</summary>
    public BusFault? Standing { get; set; }

    /// <summary>How many requests came, refused ones included.</summary>
    public int Requests => _requests;

    /// <summary>When each request came, by the real clock.</summary>
    public ConcurrentQueue<DateTimeOffset> Arrivals { get; } = new();

    /// <summary>The messages that a subscription would hold, in order.</summary>
    public IReadOnlyList<BusMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>A connection string with the shared access key, for the port without TLS.</summary>
    public string ConnectionString =>
        $"Endpoint=sb://{Plain.Authority};SharedAccessKeyName={Access.KeyName};SharedAccessKey={Access.Key};UseDevelopmentEmulator=true";

    /// <summary>The namespace at the port with TLS.</summary>
    public string FullyQualifiedNamespace => _app.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == Uri.UriSchemeHttps).Authority;

    private Uri Plain => _app.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == Uri.UriSchemeHttp);

    /// <summary>Starts to listen.</summary>
    public Task Start() => _app.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        Certificate.Dispose();
        _stopping.Dispose();
    }

    private async Task Serve(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        Arrivals.Enqueue(DateTimeOffset.UtcNow);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var fault = Faults.TryDequeue(out var next) ? next : Standing;
        switch (fault?.Kind)
        {
            case null:
                await Answer(context, Take(context.Request, body.ToArray()));
                break;
            case BusFaultKind.Status:
                if (fault.RetryAfter is { } seconds)
                {
                    context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }

                await Answer(context, fault.Status);
                break;
            case BusFaultKind.Hang:
                using (var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token))
                {
                    await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                break;
            case BusFaultKind.LoseAnswer:
                Take(context.Request, body.ToArray());
                context.Abort();
                break;
            case BusFaultKind.Reset:
                context.Abort();
                break;
        }
    }

    private static async Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml; charset=utf-8";
        if (status != StatusCodes.Status201Created)
        {
            var echo = WebUtility.HtmlEncode(context.Request.Headers.Authorization.ToString());
            await context.Response.WriteAsync($"<Error><Code>{status}</Code><Detail>{echo}</Detail></Error>", context.RequestAborted);
        }
    }

    private int Take(HttpRequest request, byte[] body)
    {
        if (!Access.Opens(request.Headers.Authorization.ToString(), new Uri(new Uri($"{request.Scheme}://{request.Host}{request.Path}"), ".")))
        {
            return StatusCodes.Status401Unauthorized;
        }

        if (!string.Equals(request.Path.Value, $"/{Topic}/messages", StringComparison.OrdinalIgnoreCase))
        {
            return StatusCodes.Status410Gone;
        }

        if (request.Method != "POST" || request.QueryString.HasValue || BusRequest.Read(request.Headers, body) is not { } message
            || message.MessageId?.Length > MaxIdLength || message.SessionId?.Length > MaxIdLength)
        {
            return StatusCodes.Status400BadRequest;
        }

        if (body.Length + Encoding.UTF8.GetByteCount(request.Headers["BrokerProperties"].ToString()) > MaxMessageSize)
        {
            return StatusCodes.Status403Forbidden;
        }

        Keep(message);
        return StatusCodes.Status201Created;
    }

    // A repeat is answered like the first and dropped.
    private void Keep(BusMessage message)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (message.MessageId is { } id)
            {
                if (_ids.TryGetValue(id, out var seen) && now - seen < s_duplicateWindow)
                {
                    return;
                }

                _ids[id] = now;
            }

            _messages.Add(message);
        }
    }
}
