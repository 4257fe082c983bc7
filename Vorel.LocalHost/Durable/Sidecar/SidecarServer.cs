using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vorel.Durable;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Sidecar;

/// <summary>
/// The hub's gRPC endpoint for clients: clear-text HTTP/2 on a loopback port of its own, one message in, no authentication, as that
/// of the Durable extension.
/// </summary>
internal sealed class SidecarServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SidecarMethods _methods;
    private readonly CancellationToken _hub;
    private readonly ILogger _logger;

    private SidecarServer(WebApplication app, SidecarMethods methods, ILogger logger, CancellationToken hub)
    {
        _app = app;
        _methods = methods;
        _hub = hub;
        _logger = logger;
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <param name="client">What calls are for.</param>
    /// <param name="logger">Gets what fails.</param>
    public static async Task<SidecarServer> Start(HubClient client, ILogger logger)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            options.Limits.MaxRequestBodySize = GrpcFraming.MaximumMessageLength + 16;
            options.AddServerHeader = false;
        });
        var server = new SidecarServer(builder.Build(), new SidecarMethods(client), logger, client.Ends);
        server._app.Run(server.Answer);
        await server._app.StartAsync(client.Ends);
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
        using var deadline = new CancellationTokenSource();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token, _hub);
        var call = new SidecarCall(context, caller.Token);
        var (status, message) = (GrpcStatus.Ok, "");
        try
        {
            if (GrpcDeadline.Of(call.Header(GrpcDeadline.Header)) is { } limit)
            {
                deadline.CancelAfter(limit);
            }

            await _methods.Call(call);
        }
        catch (RpcException refusal)
        {
            (status, message) = (refusal.Status, refusal.Message);
        }
        catch (InvalidDataException error)
        {
            (status, message) = (GrpcStatus.Internal, error.Message);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException error)
        {
            (status, message) = (GrpcStatus.ResourceExhausted, error.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // Nobody listens any more.
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !_hub.IsCancellationRequested)
        {
            (status, message) = (GrpcStatus.DeadlineExceeded, "The caller's deadline has passed.");
        }
        catch (OperationCanceledException)
        {
            (status, message) = (GrpcStatus.Unavailable, "The local host is stopping.");
        }
        catch (Exception error)
        {
            DurableLogs.SidecarFailed(_logger, call.Method, error);
            (status, message) = (GrpcStatus.Internal, "The local host failed; its log says how.");
        }

        Finish(context, status, message);
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
