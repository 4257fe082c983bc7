using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Vorel.Functions.Api;
using Vorel.Functions.Api.Access;
using Vorel.Functions.Api.Problems;
using Vorel.Functions.Composition;
using Vorel.Functions.Hosting;
using Vorel.Functions.Hosting.Envelopes;
using Vorel.Functions.Settings;
using Vorel.Functions.Triggers.Durable;

namespace Vorel.Functions;

/// <summary>The custom handler that the Functions host starts, and the writer of the files by which the host knows it.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["generate", var folder] => Generate(folder),
        _ => Serve(),
    };

    /// <summary>The whole app, top to bottom. Tests put other services in the place of the real ones.</summary>
    public static WebApplication Build(HandlerSettings settings, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ToLines();
        builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = services.ValidateScopes = true);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, settings));
        builder.Services.AddHosting(settings);
        builder.Services.AddClocks(settings);
        builder.Services.AddStorage(settings);
        builder.Services.AddCore(settings);
        builder.Services.AddDurable(FlowJson.Default.Options);
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseMiddleware<HostCalls>();
        app.UseMiddleware<AnswerHeaders>();
        app.UseMiddleware<ProblemBoundary>();
        app.UseMiddleware<Deadline>();
        app.UseMiddleware<TransferCoding>();
        app.UseMiddleware<SizeLimit>();
        app.UseRouting();
        app.UseMiddleware<AccessGate>();
        app.UseMiddleware<Conditions>();
        app.MapReadiness();
        app.MapHttpFunctions(FunctionCatalogue.Default);
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, HandlerSettings settings)
    {
        // A line of a head ends in CR LF. A lone LF, which the server would take as well, is no line end to everyone on the way.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Listen(IPAddress.Loopback, settings.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
    }

    private static async Task<int> Serve()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        if (SettingsReader.Read(configuration, out var faults) is not { } settings)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, faults.Select(fault => "Settings: " + fault)));
            return ExitCodes.BadSettings;
        }

        await using var app = Build(settings);
        return await app.RunToExitCode();
    }

    private static Task<int> Generate(string folder)
    {
        FunctionFiles.Write(FunctionCatalogue.Default, folder);
        return Task.FromResult(ExitCodes.Done);
    }
}
