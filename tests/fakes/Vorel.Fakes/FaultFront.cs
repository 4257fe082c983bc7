using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Vorel.Fakes;

/// <summary>Stands before any stand-in and passes everything on, except what a test lets go wrong: so no stand-in needs faults of its own.</summary>
public sealed class FaultFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<(FrontFault? Fault, Func<HttpRequest, bool>? For)> _next = [];
    private int _requests;
    private int _passed;

    public FaultFront()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Serve);
    }

    /// <summary>What is behind it.</summary>
    public required Func<Uri> Target { get; init; }

    /// <summary>What goes wrong with every request, until it is set back.</summary>
    public FrontFault? Standing { get; set; }

    /// <summary>How many requests came.</summary>
    public int Requests => _requests;

    /// <summary>How many were passed on.</summary>
    public int Passed => _passed;

    /// <summary>The address.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts to listen.</summary>
    public async Task Start()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    /// <summary>Lets so many requests through and then one have a fault.</summary>
    public void After(int passed, FrontFault fault)
    {
        lock (_gate)
        {
            _next.Clear();
            _next.AddRange(Enumerable.Repeat<(FrontFault?, Func<HttpRequest, bool>?)>((null, null), passed));
            _next.Add((fault, null));
        }
    }

    /// <summary>Lets the next request that is meant have a fault.</summary>
    public void Next(FrontFault fault, Func<HttpRequest, bool>? of = null)
    {
        lock (_gate)
        {
            _next.Add((fault, of));
        }
    }

    /// <summary>Nothing goes wrong any more. Whether everything that should go wrong has.</summary>
    public bool Clear()
    {
        lock (_gate)
        {
            Standing = null;
            var none = _next.Count == 0;
            _next.Clear();
            return none;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _stopping.Dispose();
    }

    private FrontFault? Take(HttpRequest request)
    {
        lock (_gate)
        {
            var index = _next.FindIndex(next => next.For?.Invoke(request) != false);
            if (index < 0)
            {
                return Standing;
            }

            var fault = _next[index].Fault;
            _next.RemoveAt(index);
            return fault;
        }
    }

    private async Task Serve(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var fault = Take(context.Request);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        switch (fault?.Kind)
        {
            case FrontFaultKind.Reset:
                context.Abort();
                return;
            case FrontFaultKind.Hang:
                await Hang(context);
                return;
            case FrontFaultKind.Answer:
                await fault.Until;
                await Answer(context, fault, body.ToArray());
                return;
        }

        Interlocked.Increment(ref _passed);
        using var answer = await _http.SendAsync(Copy(context.Request, body.ToArray()), _stopping.Token);
        if (fault?.Kind == FrontFaultKind.LoseAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        var bytes = await answer.Content.ReadAsByteArrayAsync(_stopping.Token);
        if (bytes.Length > 0)
        {
            await context.Response.Body.WriteAsync(fault?.Kind == FrontFaultKind.Truncate ? Truncated(context, bytes) : bytes, context.RequestAborted);
        }
    }

    // The whole answer is half of it: its length says so too.
    private static ReadOnlyMemory<byte> Truncated(HttpContext context, byte[] bytes)
    {
        context.Response.ContentLength = bytes.Length / 2;
        return bytes.AsMemory(0, bytes.Length / 2);
    }

    private static async Task Answer(HttpContext context, FrontFault fault, byte[] echo)
    {
        context.Response.StatusCode = fault.Status;
        context.Response.ContentType = fault.ContentType;
        if (fault.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        for (var size = 0; size <= fault.AtLeast; size += Math.Max(1, fault.Body.Length))
        {
            await context.Response.Body.WriteAsync(fault.Body, context.RequestAborted);
        }

        if (fault.Echoes)
        {
            // As careless servers do.
            await context.Response.Body.WriteAsync(echo, context.RequestAborted);
        }
    }

    private async Task Hang(HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private HttpRequestMessage Copy(HttpRequest request, byte[] body)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(Target(), target)) { Content = body.Length == 0 ? null : new ByteArrayContent(body) };
        foreach (var (name, values) in request.Headers.Where(header => header.Key is not ("Host" or "Content-Length" or "Connection" or "Transfer-Encoding")))
        {
            if (!copy.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                copy.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return copy;
    }
}
