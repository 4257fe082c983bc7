using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Sandbox;

/// <summary>The sandbox on its own port: it stands for other people's systems, not for the host.</summary>
internal sealed class SandboxServer(LocalHostOptions options, DomainClock clock) : IHostedService, IAsyncDisposable
{
    private readonly Inbox inbox = new();
    private readonly Crm crm = new();
    private WebApplication? app;

    /// <summary>Where it listens, once started.</summary>
    public Uri Address => new(app?.Urls.First() ?? throw new InvalidOperationException("The sandbox has not started."));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.SandboxPort, listen => listen.Protocols = HttpProtocols.Http1);
        });
        app = builder.Build();
        app.MapSandbox(inbox, crm, clock);
        await app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
