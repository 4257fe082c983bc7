using System.CommandLine;
using Vorel.LocalHost.Commands;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Hosting;

/// <summary>The verb <c>host</c>: the stand-in for the Functions host itself.</summary>
internal static class HostCommand
{
    public static Command Create()
    {
        var appRoot = new Option<DirectoryInfo>("--app-root") { Required = true, Description = "Folder of the published handler: host.json and one folder per function." };
        var storage = new Option<string>("--storage") { Required = true, Description = "Connection string of AzureWebJobsStorage, with explicit endpoints." };
        var durable = new Option<string?>("--durable-storage") { Description = "Connection string of DurableStorage; the same as --storage if not given." };
        var port = new Option<int>("--port") { Description = "Loopback port of the front end; 0 takes a free one.", DefaultValueFactory = _ => 7071 };
        var sandbox = new Option<int>("--sandbox-port") { Description = "Loopback port of the sandbox; 0 takes a free one.", DefaultValueFactory = _ => 7072 };
        var instances = InstancesOption.Create();
        var ready = new Option<FileInfo?>("--ready-file") { Description = "JSON file that gets addresses and process ids once everything is up." };
        var histories = new Option<DirectoryInfo?>("--record-histories") { Description = "Folder that gets the whole history of every orchestration that ends, one JSON file each." };
        var chaos = new Option<string?>("--durable-chaos")
        {
            Description = "What goes wrong on purpose with Durable functions: seed=NUMBER,duplicate=P,lost-result=P,replayed-turn=P, each P a chance from 0 to 0.9. "
                + "Duplicate: ends of activities, timers and sub-orchestrations, and raised events, arrive again. Lost-result: an activity that was done is called again. "
                + "Replayed-turn: an orchestrator's answer is thrown away and the turn played again.",
        };
        var setting = new Option<string[]>("--setting") { Description = "NAME=VALUE, a setting for the handler; may be repeated.", DefaultValueFactory = _ => [] };
        var httpMode = new Option<HttpMode?>("--http-mode") { Description = "How HTTP functions get their requests, whatever host.json says; one that sets both flags means proxying, as the newest host has it." };
        var command = new Command(
            "host",
            "Runs a published custom handler as Azure Functions would: starts it, forwards HTTP, fires queues, timers and Durable functions. "
            + "A development tool; it listens on loopback alone. Exit codes: 0 stopped, 1 could not go on, 2 wrong arguments.")
        {
            appRoot, storage, durable, port, sandbox, instances, ready, histories, httpMode, chaos, setting,
        };
        command.SetAction((arguments, cancellationToken) => Run(
            () => new LocalHostOptions
            {
                AppRoot = arguments.GetRequiredValue(appRoot).FullName,
                Storage = arguments.GetRequiredValue(storage),
                DurableStorage = arguments.GetValue(durable) ?? arguments.GetRequiredValue(storage),
                Port = arguments.GetValue(port),
                SandboxPort = arguments.GetValue(sandbox),
                Instances = arguments.GetValue(instances),
                ReadyFile = arguments.GetValue(ready)?.FullName,
                RecordHistories = arguments.GetValue(histories)?.FullName,
                HttpMode = arguments.GetValue(httpMode),
                DurableChaos = arguments.GetValue(chaos) is { } spec ? Chaos.Parse(spec) : Chaos.None,
                Settings = Pairs(arguments.GetValue(setting) ?? []),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> Run(Func<LocalHostOptions> parse, CancellationToken cancellationToken)
    {
        try
        {
            var options = parse();
            var settings = new AppSettings(options);
            var configuration = HostConfiguration.Load(options.AppRoot, settings.Find);
            var catalog = FunctionCatalog.Load(options.AppRoot, settings.Find);
            using var hub = catalog.UsesDurable ? HubLock.Take(configuration, settings) : null;
            await using var app = LocalHostApp.Build(options, configuration, catalog);
            await LocalHostApp.Start(app, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return app.Services.GetRequiredService<HostStop>().ExitCode;
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or IOException or AggregateException or global::Azure.RequestFailedException)
        {
            await Console.Error.WriteLineAsync($"The local host cannot start: {error.Message}");
            return error is InvalidDataException or FormatException ? 2 : 1;
        }
    }

    private static Dictionary<string, string> Pairs(IEnumerable<string> settings)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var split = setting.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0)
            {
                throw new InvalidDataException("A --setting is written NAME=VALUE."); // The text may be a secret: it is not repeated.
            }

            pairs[setting[..split]] = setting[(split + 1)..];
        }

        return pairs;
    }
}
