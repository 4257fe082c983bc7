using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Handler;

/// <summary>Real processes: shell scripts that end at once, and a few lines of Node that listen.</summary>
public sealed class SupervisorTests
{
    private const string Listening = """
        #!/usr/bin/env node
        process.on('SIGTERM', () => {});
        require('http').createServer((request, response) => {
          if (request.url === '/slow') return;
          response.setHeader('Content-Type', 'application/json');
          response.end(JSON.stringify({ returnValue: String(process.pid) }));
        }).listen(Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
        """;

    [Fact]
    public async Task It_gives_the_documented_environment_and_passes_the_output_on()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script("""
            #!/usr/bin/env bash
            env > seen.tmp; pwd >> seen.tmp; echo "a line"; echo "a WARNing" >&2; echo "an error" >&2; echo "azfuncjsonlog:{}" ; mv seen.tmp seen
            exit 1
            """);
        var options = new LocalHostOptions { AppRoot = app.Root, Storage = "S=1", DurableStorage = "S=2", Settings = new Dictionary<string, string> { ["Vorel__X"] = "y" } };
        await using var host = await TestHost.Start(app, options: options);
        await Eventually.True(() => host.Log.Has(LogLevel.Error, "ended with exit code 1"), "the exit");

        var seen = app.Read("seen").Split('\n');
        var port = seen.Single(line => line.StartsWith("FUNCTIONS_CUSTOMHANDLER_PORT=", StringComparison.Ordinal))["FUNCTIONS_CUSTOMHANDLER_PORT=".Length..];
        var id = seen.Single(line => line.StartsWith("FUNCTIONS_CUSTOMHANDLER_WORKER_ID=", StringComparison.Ordinal))["FUNCTIONS_CUSTOMHANDLER_WORKER_ID=".Length..];
        Assert.True(Guid.TryParse(id, out _));
        Assert.Contains($"FUNCTIONS_HTTPWORKER_PORT={port}", seen);
        Assert.Contains($"FUNCTIONS_HTTPWORKER_ID={id}", seen);
        Assert.Contains($"FUNCTIONS_APP_ROOT_PATH={app.Root}", seen);
        Assert.Contains("FUNCTIONS_WORKER_RUNTIME=custom", seen);
        Assert.Contains("AzureWebJobsStorage=S=1", seen);
        Assert.Contains("DurableStorage=S=2", seen);
        Assert.Contains("Vorel__X=y", seen);
        Assert.Contains($"VOREL_CLOCK_URL={host.Address}admin/clock/{id}", seen);
        Assert.Contains(app.Root, seen);
        await Eventually.True(
            () => host.Log.Lines.Contains((LogLevel.Information, "handler", "a line")) && host.Log.Lines.Contains((LogLevel.Warning, "handler", "a WARNing"))
                && host.Log.Lines.Contains((LogLevel.Error, "handler", "an error")) && host.Log.Lines.Contains((LogLevel.Debug, "handler", "azfuncjsonlog:{}")),
            "its lines");
    }

    [Fact]
    public async Task Three_crashes_end_the_host_and_exits_with_200_do_not_count()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script("""
            #!/usr/bin/env bash
            echo x >> starts
            [ "$(wc -l < starts)" -le 5 ] && exit 200
            exit 7
            """);
        await using var host = await TestHost.Start(app);
        await Eventually.True(() => host.Stopping.IsCancellationRequested, "the host's own stop", TimeSpan.FromSeconds(20));
        Assert.Equal(8, app.Read("starts").Count(character => character == 'x'));
        Assert.Equal(1, host.Get<HostStop>().ExitCode);
        Assert.True(host.Log.Has(LogLevel.Critical, "Exceeded http worker restart retry count"));
    }

    [Fact]
    public async Task A_handler_that_exits_with_0_stays_dead_and_the_host_says_so_loudly()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script("#!/usr/bin/env bash\necho x >> starts\nexit 0\n");
        await using var host = await TestHost.Start(app);
        await Eventually.True(() => host.Log.Has(LogLevel.Critical, "EXIT CODE 0"), "the diagnostic");
        using var answer = await host.Client.GetAsync(new Uri("/x", UriKind.Relative));
        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Equal("x\n", app.Read("starts"));
        Assert.Equal(0, host.Get<HostStop>().ExitCode);
        Assert.Contains("\"state\":\"Error\"", await host.Admin.GetStringAsync(new Uri("/admin/host/status", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_never_answers_its_probe_is_a_strike()
    {
        using var app = new TestApp("""{"customHandler":{"initializationTimeout":"00:00:00.2","description":{"defaultExecutablePath":"handler"}}}""")
            .Http("Api", "{*path}").Script("#!/usr/bin/env bash\nexec sleep 60\n");
        await using var host = await TestHost.Start(app);
        await Eventually.True(() => host.Stopping.IsCancellationRequested, "the host's own stop", TimeSpan.FromSeconds(20));
        Assert.Equal(1, host.Get<HostStop>().ExitCode);
        Assert.Equal(3, host.Handler.Supervisor.Starts);
    }

    [Fact]
    public async Task A_killed_handler_is_started_again_while_requests_wait_and_the_ready_file_follows()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script(Listening);
        var ready = Path.Combine(app.Root, "ready.json");
        await using var host = await TestHost.Start(
            app, options: new LocalHostOptions { AppRoot = app.Root, Storage = "", DurableStorage = "", ReadyFile = ready });
        var first = int.Parse(await Pid(host));
        Process.GetProcessById(first).Kill();
        await Eventually.True(() => host.Handler.Supervisor.Starts == 2, "a second start");
        var second = int.Parse(await Pid(host));
        Assert.NotEqual(first, second);
        Assert.True(host.Log.Has(LogLevel.Error, "ended with exit code 137"));
        var facts = JsonSerializer.Deserialize(app.Read("ready.json"), DevelopmentJson.Default.StackAddresses)!;
        var handler = Assert.Single(facts.Handlers);
        Assert.Equal(("handler", second, 2, HandlerState.Running), (handler.Name, handler.ProcessId, handler.Starts, handler.State));
        Assert.Equal(["http"], handler.Groups);
        Assert.Equal(handler, facts.HandlerOf("Api"));
        Assert.Equal(host.Handler.Supervisor.Newest, new HandlerEndpoint(handler.Address, handler.WorkerId, handler.ProcessId));
        Assert.Equal((host.Address, Environment.ProcessId), (facts.Host.Address, facts.Host.ProcessId));
    }

    [Fact]
    public async Task A_function_that_overruns_its_time_gets_the_handler_killed_without_a_strike()
    {
        using var app = new TestApp("""{"functionTimeout":"00:00:05","customHandler":{"enableForwardingHttpRequest":true,"description":{"defaultExecutablePath":"handler"}}}""")
            .Http("Api", "{*path}").Script(Listening);
        await using var host = await TestHost.Start(app);
        var first = await Pid(host);
        using var answer = await host.Client.GetAsync(new Uri("/slow", UriKind.Relative));
        Assert.Equal(500, (int)answer.StatusCode);
        Assert.NotEqual(first, await Pid(host));
        Assert.False(host.Log.Has(LogLevel.Warning, "Strike"));
    }

    [Fact]
    public async Task Stopping_the_host_kills_the_handler_even_if_it_ignores_sigterm()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script(Listening);
        var host = await TestHost.Start(app);
        using var handler = Process.GetProcessById(int.Parse(await Pid(host)));
        await host.DisposeAsync();
        await Eventually.True(() => handler.HasExited, "the handler's end");
    }

    [Fact]
    public async Task A_program_that_is_not_there_ends_the_host_with_its_name()
    {
        using var app = new TestApp("""{"customHandler":{"description":{"defaultExecutablePath":"no-such-program"}}}""").Http("Api", "{*path}");
        await using var host = await TestHost.Start(app);
        await Eventually.True(() => host.Get<HostStop>().ExitCode == 1, "the stop");
        Assert.True(host.Log.Has(LogLevel.Critical, "no-such-program"));
    }

    [Fact]
    public void Strikes_older_than_half_an_hour_are_forgotten()
    {
        var log = new StrikeLog();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.True(log.MayRestart(now));
        Assert.True(log.MayRestart(now.AddMinutes(20)));
        Assert.True(log.MayRestart(now.AddMinutes(31)));
        Assert.False(log.MayRestart(now.AddMinutes(32)));
    }

    private static async Task<string> Pid(TestHost host)
    {
        var answer = await host.Client.GetStringAsync(new Uri("/pid", UriKind.Relative));
        return answer.Split('"')[3];
    }
}
