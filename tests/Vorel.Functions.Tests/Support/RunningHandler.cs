using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Security;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Tests.Support;

/// <summary>The whole handler in this process, on a Kestrel of its own and with stores in memory.</summary>
internal sealed class RunningHandler : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningHandler(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static HandlerSettings Settings { get; } = new()
    {
        Port = 0,
        WorkerId = "test",
        Runtime = "custom",
        StorageConnection = "UseDevelopmentStorage=true",
        EncryptionRoot = Secret(1),
        ApiKeyPepper = Secret(2),
        IndexRoot = Secret(3),
    };

    public static async Task<RunningHandler> Start(HandlerSettings? settings = null, Action<IServiceCollection>? replace = null)
    {
        var app = Program.Build(settings ?? Settings, replace);
        await app.StartAsync();
        return new RunningHandler(app);
    }

    private static RootSecret Secret(byte fill) => RootSecret.Parse("test", Convert.ToBase64String([.. Enumerable.Repeat(fill, 32)]));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
