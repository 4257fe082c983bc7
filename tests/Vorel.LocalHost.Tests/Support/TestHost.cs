using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Http.Keys;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>The local host in this process, on free ports, with its log kept.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHost(WebApplication app, LogLines log, MemoryState state)
    {
        _app = app;
        Log = log;
        State = state;
        Client = new HttpClient { BaseAddress = Get<HostAddresses>().FrontEnd };
        Admin = new HttpClient { BaseAddress = Client.BaseAddress, DefaultRequestHeaders = { { "x-functions-key", Get<HostKeys>().Master } } };
    }

    public HttpClient Client { get; }

    /// <summary>Shows the master key with every call.</summary>
    public HttpClient Admin { get; }

    public Uri Address => Client.BaseAddress!;

    public LogLines Log { get; }

    public MemoryState State { get; }

    public CancellationToken Stopping => Get<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Starts it with the handler's process as host.json has it or, where given, with a handler of the test's own: the first instance's.</summary>
    public static async Task<TestHost> Start(
        TestApp published,
        RawHandler? handler = null,
        MemoryState? state = null,
        LocalHostOptions? options = null,
        Action<IServiceCollection>? more = null,
        HandlerEndpoint? endpoint = null)
    {
        endpoint ??= handler?.Endpoint;
        var log = new LogLines();
        state ??= new MemoryState();
        options ??= new LocalHostOptions { AppRoot = published.Root, Storage = "unused", DurableStorage = "unused" };
        var built = LocalHostApp.Build(options, published.Configuration, published.Catalog, services =>
        {
            if (endpoint is not null)
            {
                services.RemoveAll<IHostedService>();
            }

            services.AddSingleton<IHostState>(state);
            services.AddLogging(logging => logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug));
            more?.Invoke(services);
        });
        await LocalHostApp.Start(built, CancellationToken.None);
        if (endpoint is not null)
        {
            _ = built.Services.GetRequiredService<HandlerPool>().Instances[0].Gate.Open(endpoint);
        }

        return new TestHost(built, log, state);
    }

    /// <summary>The lone handler, where the test asked for no more instances.</summary>
    public HandlerInstance Handler => Get<HandlerPool>().Instances.Single();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
