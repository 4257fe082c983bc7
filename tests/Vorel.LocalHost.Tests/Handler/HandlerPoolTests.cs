using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Handler;

/// <summary>Several real processes, a few lines of Node each: what one of them suffers, and what the others notice of it.</summary>
[Trait("Area", "host")]
public sealed class HandlerPoolTests : IDisposable
{
    private const string Listening = """
        #!/usr/bin/env node
        const fs = require('fs');
        require('http').createServer((request, response) => {
          const answer = () => {
            response.setHeader('Content-Type', 'application/json');
            response.end(JSON.stringify({ returnValue: String(process.pid) }));
          };
          if (request.url === '/die') process.exit(3);
          if (request.url === '/bye') process.exit(0);
          if (request.url === '/slow') return fs.writeFileSync('slow', '');
          if (request.url !== '/Wait') return answer();
          fs.writeFileSync('waits', '');
          const turn = setInterval(() => { if (fs.existsSync('go')) { clearInterval(turn); answer(); } }, 10);
        }).listen(Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
        """;

    private readonly TestApp _app = new TestApp("""{"functionTimeout":"00:00:08","customHandler":{"enableForwardingHttpRequest":true,"description":{"defaultExecutablePath":"handler"}}}""")
        .Http("Api", "{*path}").Script(Listening);

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task The_third_strike_of_one_instance_starts_it_anew_and_the_others_do_not_notice()
    {
        WithActivity("Act");
        await using var host = await Start(2);
        var pool = host.Get<HandlerPool>();
        var (http, rest) = (pool.Instances[0], pool.Instances[1]);
        var other = await Run(host, "Act");
        for (var strike = 1; strike <= 4; strike++)
        {
            // The fourth is the first of a new life: it does not stop the host at once.
            await Eventually.True(() => http.Supervisor.Starts == strike && http.IsReady, "the next handler");
            Assert.Equal(500, await Get(host, "/die"));
        }

        await Eventually.True(() => http.Supervisor.Starts == 5 && http.IsReady, "a fifth start");
        Assert.Equal(200, await Get(host, "/any"));
        Assert.Single(host.Log.Lines, line => line.Text.Contains("The host of http stops: Exceeded http worker restart retry count", StringComparison.Ordinal));
        Assert.Equal((1, other), (rest.Supervisor.Starts, await Run(host, "Act")));
        Assert.False(host.Stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_call_that_overruns_its_time_takes_none_of_another_instances_calls_with_it()
    {
        WithActivity("Wait");
        await using var host = await Start(2);
        var http = host.Get<HandlerPool>().Instances[0].Supervisor;
        var started = Stopwatch.StartNew();
        var slow = Get(host, "/slow");
        await Eventually.True(() => File.Exists(Path.Combine(_app.Root, "slow")), "the call that takes too long");

        // Both calls have eight seconds: the second one is half way through when the first one's are over.
        await Eventually.True(() => started.Elapsed > TimeSpan.FromSeconds(4), "half of the time");
        var waiting = Run(host, "Wait");
        await Eventually.True(() => File.Exists(Path.Combine(_app.Root, "waits")), "the other instance's call");
        Assert.Equal(500, await slow);
        await Eventually.True(() => http.Starts == 2, "the restart");
        Assert.False(waiting.IsCompleted);
        await File.WriteAllTextAsync(Path.Combine(_app.Root, "go"), "");
        Assert.Equal(host.Get<HandlerPool>().Instances[1].Supervisor.Newest!.ProcessId.ToString(), await waiting);
        Assert.False(host.Log.Has(LogLevel.Warning, "Strike"));
    }

    [Fact]
    public async Task An_instance_whose_handler_ended_with_0_stays_dead_and_the_others_take_its_calls()
    {
        await using var host = await Start(2);
        var pool = host.Get<HandlerPool>();
        var starts = pool.Instances.Select(instance => instance.Supervisor.Starts).ToList();
        Assert.Equal(500, await Get(host, "/bye"));
        await Eventually.True(() => host.Log.Has(LogLevel.Critical, "EXIT CODE 0"), "the diagnostic");
        for (var call = 0; call < 4; call++)
        {
            Assert.Equal(200, await Get(host, "/any"));
        }

        Assert.Equal([HandlerState.Error, HandlerState.Running], pool.Describe().Select(handler => handler.State).Order().Reverse());
        Assert.Contains("\"state\":\"Error\"", await host.Admin.GetStringAsync(new Uri("/admin/host/status", UriKind.Relative)), StringComparison.Ordinal);

        Assert.Equal(500, await Get(host, "/bye"));
        await Eventually.True(() => pool.Describe().All(handler => handler.State == HandlerState.Error), "both dead");
        Assert.Equal(500, await Get(host, "/any"));
        Assert.Equal(starts, pool.Instances.Select(instance => instance.Supervisor.Starts));
        Assert.False(host.Stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task The_ready_file_is_there_once_all_are_ready_and_lists_them_all()
    {
        WithActivity("Act");
        await using var host = await Start(4);
        var facts = System.Text.Json.JsonSerializer.Deserialize(_app.Read("ready.json"), DevelopmentJson.Default.StackAddresses)!;
        Assert.Equal(["http", "durable", "http#2", "durable#2"], facts.Handlers.Select(handler => handler.Name));
        Assert.Equal(["Api"], facts.Handlers[2].Functions);
        Assert.Equal("durable", facts.HandlerOf("Act").Name);
        Assert.All(facts.Handlers, handler => Assert.Equal(HandlerState.Running, handler.State));
        Assert.All(facts.Handlers, handler => Assert.NotEqual(0, handler.Starts));
        Assert.Equal(4, facts.Handlers.Select(handler => handler.ProcessId).Distinct().Count());
        Assert.Equal(4, facts.Handlers.Select(handler => handler.WorkerId).Distinct().Count());
        Assert.Equal(4, facts.Handlers.Select(handler => handler.Address).Distinct().Count());
    }

    private static async Task<int> Get(TestHost host, string path)
    {
        using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        return (int)answer.StatusCode;
    }

    private void WithActivity(string name) => _app.Function(name, """{"type":"activityTrigger","direction":"in","name":"input"}""");

    private async Task<string> Run(TestHost host, string function)
    {
        var result = await host.Get<IFunctionInvoker>().Invoke(
            _app.Catalog.Functions.Single(candidate => candidate.Name == function),
            new Dictionary<string, BindingValue>(),
            new Dictionary<string, BindingValue>(),
            CancellationToken.None);
        return Assert.IsType<InvocationResult.Success>(result).ReturnValue!.GetValue<string>();
    }

    /// <summary>Without the hub, which wants storage: activities are called by hand.</summary>
    private async Task<TestHost> Start(int instances)
    {
        var host = await TestHost.Start(
            _app,
            options: new LocalHostOptions { AppRoot = _app.Root, Storage = "", DurableStorage = "", ReadyFile = Path.Combine(_app.Root, "ready.json"), Instances = instances },
            more: services =>
            {
                foreach (var hub in services.Where(service => service.ImplementationType == typeof(DurableService)).ToList())
                {
                    services.Remove(hub);
                }
            });
        await Eventually.True(() => _app.Read("ready.json").Length > 0, "every handler is ready", TimeSpan.FromSeconds(20));
        return host;
    }
}
