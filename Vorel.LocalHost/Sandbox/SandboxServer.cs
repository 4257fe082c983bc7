using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Sandbox;

/// <summary>The sandbox on its own port: it stands for other people's systems, not for the host.</summary>
internal sealed class SandboxServer(LocalHostOptions options, DomainClock clock) : IHostedService, IAsyncDisposable
{
    private readonly Inbox _inbox = new();
    private readonly Crm _crm = new();
    private WebApplication? _app;

    /// <summary>Where it listens, once started.</summary>
    public Uri Address => new(_app?.Urls.First() ?? throw new InvalidOperationException("The sandbox has not started."));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.SandboxPort, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _app = builder.Build();
        _app.MapSandbox(_inbox, _crm, clock);
        await _app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
