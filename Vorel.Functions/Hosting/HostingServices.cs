using Microsoft.Extensions.Logging.Console;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Settings;

namespace Vorel.Functions.Hosting;

/// <summary>What the process needs to live under a Functions host.</summary>
internal static class HostingServices
{
    public static void AddHosting(this IServiceCollection services, HandlerSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(FunctionCatalogue.Default);
        services.AddHostedService<ParentWatch>();
        services.Configure<HostOptions>(options => options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost);
    }

    /// <summary>One line per record; the frameworks' own requests logs stay off, since they write whole URLs.</summary>
    public static void ToLines(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Error);
    }

    /// <summary>The host's probe: the first answer opens the gate, so it is given only once everything else has started.</summary>
    public static void MapReadiness(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", () => Results.Text("ready")).ForAnyone("it says that the process is ready, and nothing else");

    /// <summary>Lets every HTTP function map what lies behind its route.</summary>
    public static void MapHttpFunctions(this WebApplication app, FunctionCatalogue catalogue)
    {
        foreach (var function in catalogue.All.Where(function => function.Kind == FunctionKind.Http))
        {
            var trigger = function.Method!.GetParameters()[0].GetCustomAttributes(inherit: false).OfType<HttpTriggerAttribute>().Single();
            function.Method.Invoke(obj: null, [app.MapGroup(trigger.Prefix)]);
        }

        app.RequireAccessRules();
    }

    /// <summary>Serves until stopped. An orderly stop asks for a restart, since the host never restarts a handler that exits with 0.</summary>
    public static async Task<int> RunToExitCode(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Vorel.Functions");
        var settings = app.Services.GetRequiredService<HandlerSettings>();
        try
        {
            await app.StartAsync();
            log.Ready(app.Services.GetRequiredService<FunctionCatalogue>().All.Count, settings.Runtime, settings.WorkerId);
            if (!string.Equals(settings.Runtime, "custom", StringComparison.OrdinalIgnoreCase))
            {
                log.WrongRuntime(settings.Runtime);
            }

            await app.WaitForShutdownAsync();
            return ExitCodes.Restart;
        }
        catch (Exception exception)
        {
            log.StartFailed(exception);
            return ExitCodes.StartFailed;
        }
    }
}
