using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vorel.Fakes;

/// <summary>
/// What every stand-in for a CRM has: a real server on a loopback port, the records it holds, and faults on demand.
/// Strict: what its documentation does not name is refused, never guessed at.
/// </summary>
public abstract class FakeCrm : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private int _requests;

    protected FakeCrm()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(Serve);
    }

    /// <summary>The fault of every request until it is set back.</summary>
    public FakeFault Fault { get; set; }

    /// <summary>The records by their id; a record that was archived carries <c>"archived": true</c>.</summary>
    public ConcurrentDictionary<string, JsonObject> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>How many requests came, faulty ones included.</summary>
    public int Requests => _requests;

    /// <summary>The address, with the port that was free.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts to listen.</summary>
    public async Task Start()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Answers one request as the provider would.</summary>
    protected abstract Task Answer(HttpContext context, byte[] body);

    private async Task Serve(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        switch (Fault)
        {
            case FakeFault.None:
                await Answer(context, body.ToArray());
                break;
            case FakeFault.RateLimited:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = "30";
                break;
            case FakeFault.ServerError:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.Body.WriteAsync(body.ToArray(), context.RequestAborted); // Echoes what it got, as careless servers do.
                break;
            case FakeFault.Garbage:
                await context.Response.WriteAsync("<html>It works!</html>", context.RequestAborted);
                break;
            case FakeFault.Hang:
                using (var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token))
                {
                    await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                break;
            case FakeFault.Reset:
                context.Abort();
                break;
        }
    }
}

/// <summary>What a stand-in does instead of its work.</summary>
public enum FakeFault
{
    /// <summary>It works.</summary>
    None,

    /// <summary>429 with <c>Retry-After: 30</c>.</summary>
    RateLimited,

    /// <summary>500, with the request's body echoed.</summary>
    ServerError,

    /// <summary>200 with something that is not the provider's answer.</summary>
    Garbage,

    /// <summary>No answer.</summary>
    Hang,

    /// <summary>The connection is reset.</summary>
    Reset,
}
