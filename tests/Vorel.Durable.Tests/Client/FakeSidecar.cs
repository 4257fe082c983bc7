using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Vorel.Durable.Tests.Client;

/// <summary>A sidecar that keeps every request's bytes and answers as a test says.</summary>
internal sealed class FakeSidecar : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeSidecar(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public ConcurrentQueue<(string Path, string Protocol, string Timeout, byte[] Body)> Requests { get; } = new();

    /// <summary>Writes the answer.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<FakeSidecar> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var sidecar = new FakeSidecar(builder.Build());
        sidecar._app.Run(sidecar.Serve);
        await sidecar._app.StartAsync();
        sidecar.Address = new Uri(sidecar._app.Urls.Single());
        return sidecar;
    }

    public void Reply(IMessage message) => Answer = async context =>
    {
        context.Response.ContentType = GrpcFraming.ContentType;
        await context.Response.Body.WriteAsync(GrpcFraming.Frame(message));
        context.Response.AppendTrailer(GrpcFraming.StatusTrailer, "0");
    };

    public void Refuse(GrpcStatus status, string message) => Answer = async context =>
    {
        context.Response.ContentType = GrpcFraming.ContentType;
        await context.Response.StartAsync();
        context.Response.AppendTrailer(GrpcFraming.StatusTrailer, $"{(int)status}");
        context.Response.AppendTrailer(GrpcFraming.MessageTrailer, GrpcFraming.EncodeMessage(message));
    };

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task Serve(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Enqueue((context.Request.Path, context.Request.Protocol, context.Request.Headers["grpc-timeout"].ToString(), body.ToArray()));
        await Answer(context);
    }
}
