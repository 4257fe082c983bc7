using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vorel.Durable;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Sidecar;

/// <summary>
/// The hub's gRPC endpoint for clients: clear-text HTTP/2 on a loopback port of its own, unary calls only, no authentication, as
/// that of the Durable extension.
/// </summary>
internal sealed class SidecarServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SidecarMethods _methods;
    private readonly ILogger _logger;

    private SidecarServer(WebApplication app, SidecarMethods methods, ILogger logger)
    {
        _app = app;
        _methods = methods;
        _logger = logger;
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public static async Task<SidecarServer> Start(SidecarMethods methods, ILogger logger, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            options.Limits.MaxRequestBodySize = GrpcFraming.MaximumMessageLength + 16;
            options.AddServerHeader = false;
        });
        var server = new SidecarServer(builder.Build(), methods, logger);
        server._app.Run(server.Answer);
        await server._app.StartAsync(cancellationToken);
        server.Address = new Uri(server._app.Urls.Single());
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task Answer(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method)
            || context.Request.ContentType?.StartsWith(GrpcFraming.ContentType, StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        context.Response.ContentType = GrpcFraming.ContentType;
        var method = Method(context.Request.Path);
        var (status, message) = (GrpcStatus.Ok, "");
        try
        {
            var reply = await _methods.Call(method, context.Request.Body, context.RequestAborted);
            await context.Response.Body.WriteAsync(GrpcFraming.Frame(reply), context.RequestAborted);
        }
        catch (RpcException refusal)
        {
            (status, message) = (refusal.Status, refusal.Message);
        }
        catch (InvalidDataException error)
        {
            (status, message) = (GrpcStatus.Internal, error.Message);
        }
        catch (OperationCanceledException)
        {
            (status, message) = (GrpcStatus.Unavailable, "The local host is stopping.");
        }
        catch (Exception error)
        {
            DurableLogs.SidecarFailed(_logger, method, error);
            (status, message) = (GrpcStatus.Internal, "The local host failed; its log says how.");
        }

        Finish(context, status, message);
    }

    private static string Method(PathString path)
    {
        var prefix = $"/{GrpcFraming.SidecarService}/";
        return path.Value is { } text && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : "";
    }

    private static void Finish(HttpContext context, GrpcStatus status, string message)
    {
        context.Response.AppendTrailer(GrpcFraming.StatusTrailer, ((int)status).ToString());
        if (message.Length > 0)
        {
            context.Response.AppendTrailer(GrpcFraming.MessageTrailer, GrpcFraming.EncodeMessage(message));
        }
    }
}
