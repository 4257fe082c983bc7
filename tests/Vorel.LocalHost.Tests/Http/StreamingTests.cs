using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Http;

/// <summary>Bodies that take their time, through the proxy to a server that streams.</summary>
public sealed class StreamingTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly TestApp _published = new TestApp().Http("Api", "v1/{*path}");
    private readonly SemaphoreSlim _next = new(0);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _uploaded = "";
    private KestrelHandler _handler = null!;
    private TestHost? _host;

    public async Task InitializeAsync() => _handler = await KestrelHandler.Start(Answer);

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _handler.DisposeAsync();
        _published.Dispose();
        _next.Dispose();
    }

    [Fact]
    public async Task Events_arrive_one_by_one_while_the_answer_goes_on()
    {
        var host = await Host();
        using var answer = await host.Client.GetAsync(new Uri("/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).WaitAsync(s_patience);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var number = 0; number < 3; number++)
        {
            Assert.Equal($"data: {number}", await reader.ReadLineAsync().WaitAsync(s_patience));
            Assert.Equal("", await reader.ReadLineAsync().WaitAsync(s_patience));
            _next.Release(); // Only what has arrived lets the handler send the next.
        }

        Assert.Null(await reader.ReadLineAsync().WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_request_body_arrives_piece_by_piece_while_it_is_still_sent()
    {
        var host = await Host();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /v1/upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"u8.ToArray());
        foreach (var piece in new[] { "one", "two", "three" })
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n{piece}\r\n"));
            await Eventually.True(() => _uploaded.EndsWith(piece, StringComparison.Ordinal), $"the piece '{piece}'");
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.EndsWith("onetwothree", await reader.ReadToEndAsync().WaitAsync(s_patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_call_at_the_handler()
    {
        var host = await Host();
        using (var leaving = new CancellationTokenSource())
        {
            var call = host.Client.GetAsync(new Uri("/v1/silent", UriKind.Relative), leaving.Token);
            Assert.True(await _next.WaitAsync(s_patience));
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        await _aborted.Task.WaitAsync(s_patience);
        await Eventually.True(() => host.Log.Has(LogLevel.Information, "the caller left"), "the line about it");
    }

    [Fact]
    public async Task A_call_in_which_no_byte_moves_ends_with_500()
    {
        var host = await Host(TimeSpan.FromMilliseconds(500));
        using var answer = await host.Client.GetAsync(new Uri("/v1/silent", UriKind.Relative)).WaitAsync(s_patience);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        await _aborted.Task.WaitAsync(s_patience);
        Assert.True(host.Log.Has(LogLevel.Error, "No byte moved"));
    }

    [Fact]
    public async Task An_answer_that_falls_silent_is_cut_and_never_looks_complete()
    {
        var host = await Host(TimeSpan.FromSeconds(3));
        using var answer = await host.Client.GetAsync(new Uri("/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).WaitAsync(s_patience);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync().WaitAsync(s_patience));
    }

    /// <summary>The proxy, which cuts a call after <paramref name="silence"/>, four minutes if not given.</summary>
    private async Task<TestHost> Host(TimeSpan? silence = null)
    {
        _published.Adjust = configuration => configuration with { Http = configuration.Http with { ProxyInactivity = silence ?? configuration.Http.ProxyInactivity } };
        return _host = await TestHost.Start(
            _published,
            endpoint: _handler.Endpoint,
            options: new LocalHostOptions { AppRoot = _published.Root, Storage = "unused", DurableStorage = "unused", HttpMode = HttpMode.Proxying });
    }

    private async Task Answer(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/v1/events":
                context.Response.ContentType = "text/event-stream";
                for (var number = 0; number < 3; number++)
                {
                    await context.Response.WriteAsync($"data: {number}\n\n", context.RequestAborted);
                    await _next.WaitAsync(context.RequestAborted);
                }

                break;
            case "/v1/upload":
                var buffer = new byte[16];
                int count;
                while ((count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
                {
                    _uploaded += Encoding.ASCII.GetString(buffer, 0, count);
                }

                context.Response.ContentLength = _uploaded.Length;
                await context.Response.WriteAsync(_uploaded, context.RequestAborted);
                break;
            default:
                await using (context.RequestAborted.Register(_aborted.SetResult))
                {
                    _next.Release();
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
                }

                break;
        }
    }
}
