using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vorel.Azure.Tables;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable;
using Vorel.LocalHost.Durable.Management;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Http;
using Vorel.LocalHost.Http.Forwarding;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Http.Proxying;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Invocation.Outputs;
using Vorel.LocalHost.Queues;
using Vorel.LocalHost.Sandbox;
using Vorel.LocalHost.Timers;

namespace Vorel.LocalHost.Hosting;

/// <summary>Puts the local host together: read from top to bottom, this is all there is.</summary>
internal static class LocalHostApp
{
    /// <summary>The size at which Functions refuses a body, unless the setting says otherwise.</summary>
    private const long DefaultBodyLimit = 104_857_600;

    /// <exception cref="InvalidDataException">host.json or an option cannot be used.</exception>
    public static WebApplication Build(
        LocalHostOptions options, HostConfiguration configuration, FunctionCatalog catalog, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddConsole(console => console.FormatterName = LineFormatter.Key).AddConsoleFormatter<LineFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit(options);
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<Microsoft.AspNetCore.Routing.Constraints.RegexInlineRouteConstraint>("regex")); // The slim builder leaves it out.
        builder.Services.AddSingleton(options).AddSingleton(configuration).AddSingleton(catalog).AddSingleton<AppSettings>();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<HostAddresses>().AddSingleton<HostStop>()
            .AddSingleton<IHostState, TableHostState>();
        // Stopped in reverse: what calls the handler ends before the handler is killed.
        builder.Services.AddClock().AddHandler().AddSandbox().AddHttp().AddInvocation().AddDurable(catalog).AddListeners();
        more?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseNotFoundForMethods();
        app.UseRouting();
        app.MapAdmin();
        app.MapClock();
        app.MapDurableManagement();
        app.MapFunctions();
        ReportWhatIsNotLoaded(catalog, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("host"));
        return app;
    }

    /// <summary>Starts it: what it remembers, clock and keys, is there before the first request.</summary>
    public static async Task Start(WebApplication app, CancellationToken cancellationToken)
    {
        await app.Services.GetRequiredService<ClockJumps>().Restore(cancellationToken);
        await app.Services.GetRequiredService<HostKeys>().Restore(cancellationToken);
        await app.StartAsync(cancellationToken);
    }

    private static IServiceCollection AddClock(this IServiceCollection services) => services
        .AddSingleton(provider => new DomainClock(provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<ClockAudience>()
        .AddSingleton<IHandlerObserver>(provider => provider.GetRequiredService<ClockAudience>())
        .AddSingleton(provider => new Lazy<INextTimer?>(provider.GetService<INextTimer>))
        .AddSingleton<ClockJumps>();

    private static IServiceCollection AddSandbox(this IServiceCollection services) => services
        .AddSingleton<SandboxServer>()
        .AddHostedService(provider => provider.GetRequiredService<SandboxServer>())
        .AddSingleton<IHandlerObserver, ReadyFile>();

    private static IServiceCollection AddHttp(this IServiceCollection services) => services
        .AddSingleton<HostKeys>()
        .AddSingleton<HttpThrottle>()
        .AddSingleton<BufferedForwarding>()
        .AddSingleton<StreamingProxy>()
        .AddSingleton<HttpWays>()
        .AddSingleton<HttpEnvelope>()
        .AddSingleton<HttpFunctions>();

    private static IServiceCollection AddInvocation(this IServiceCollection services) => services
        .AddSingleton(provider => new Lazy<IDurableSidecar?>(provider.GetService<IDurableSidecar>))
        .AddSingleton<DurableClientInput>()
        .AddSingleton<HandlerClient>()
        .AddSingleton<QueueOutput>()
        .AddSingleton<OrchestrationOutput>()
        .AddSingleton<OutputBindings>()
        .AddSingleton<Func<IHandlers, IFunctionInvoker>>(provider => handlers => ActivatorUtilities.CreateInstance<EnvelopeInvoker>(provider, handlers))
        .AddSingleton(provider => provider.GetRequiredService<Func<IHandlers, IFunctionInvoker>>()(provider.GetRequiredService<HandlerPool>()));

    /// <summary>The hub is there only where a function needs it: it wants storage.</summary>
    private static IServiceCollection AddDurable(this IServiceCollection services, FunctionCatalog catalog) => !catalog.UsesDurable
        ? services
        : services
            .AddSingleton(provider =>
            {
                var settings = provider.GetRequiredService<HostConfiguration>().Durable;
                return new DurableHub(
                    settings,
                    new TableServiceClient(provider.GetRequiredService<AppSettings>().Connection(settings.ConnectionName)),
                    catalog,
                    provider.GetRequiredService<DomainClock>(),
                    provider.GetRequiredService<ILoggerFactory>().CreateLogger("durable"))
                {
                    RecordHistories = provider.GetRequiredService<LocalHostOptions>().RecordHistories,
                    Chaos = provider.GetRequiredService<LocalHostOptions>().DurableChaos,
                };
            })
            .AddSingleton<IDurableSidecar>(provider => provider.GetRequiredService<DurableHub>())
            .AddSingleton<INextTimer>(provider => provider.GetRequiredService<DurableHub>())
            .AddHostedService<DurableService>();

    private static IServiceCollection AddListeners(this IServiceCollection services) => services
        .AddHostedService<TimerService>()
        .AddHostedService<QueueService>();

    private static IServiceCollection AddHandler(this IServiceCollection services) => services
        .AddSingleton<HandlerPool>()
        .AddSingleton(provider => new Lazy<HandlerPool>(provider.GetRequiredService<HandlerPool>))
        .AddHostedService(provider => provider.GetRequiredService<HandlerPool>());

    private static void ReportWhatIsNotLoaded(FunctionCatalog catalog, ILogger logger)
    {
        foreach (var (function, reason) in catalog.Errors)
        {
            Logs.FunctionNotLoaded(logger, function, reason);
        }
    }

    private static long BodyLimit(LocalHostOptions options) =>
        new AppSettings(options).Find("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : DefaultBodyLimit;
}
