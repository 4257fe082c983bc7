using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Handler;

/// <summary>The less happy sides of a real process.</summary>
[Trait("Area", "host")]
public sealed class ProcessEdgeTests
{
    [Fact]
    public async Task A_program_without_its_executable_bit_ends_the_host_with_that_reason()
    {
        using var app = new TestApp().Http("Api", "{*path}");
        await File.WriteAllTextAsync(Path.Combine(app.Root, "handler"), "#!/usr/bin/env bash\n");
        await using var host = await TestHost.Start(app);
        await Eventually.True(() => host.Get<HostStop>().ExitCode == 1, "the stop");
        Assert.True(host.Log.Has(LogLevel.Critical, "handler could not be started: it has no executable bit"));
    }

    [Fact]
    public async Task Without_a_function_no_handler_is_started()
    {
        using var app = new TestApp().Function("Broken", "").Script("#!/usr/bin/env bash\necho x >> starts\nexit 0\n");
        await using var host = await TestHost.Start(app);
        await host.Get<HandlerPool>().ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((0, ""), (host.Handler.Supervisor.Starts, app.Read("starts")));
        Assert.True(host.Log.Has(LogLevel.Warning, "No function is loaded"));
    }

    [Fact]
    public async Task It_gets_the_arguments_of_host_json_in_the_directory_that_host_json_names()
    {
        using var app = new TestApp(
            """{"customHandler":{"enableForwardingHttpRequest":true,"description":{"defaultExecutablePath":"handler","workingDirectory":"below","arguments":["--a","b c"],"defaultWorkerPath":"server.js"}}}""")
            .Http("Api", "{*path}").Script("#!/usr/bin/env bash\nprintf '%s\\n' \"$PWD\" \"$@\" > seen.tmp; mv seen.tmp seen\nexit 1\n");
        Directory.CreateDirectory(Path.Combine(app.Root, "below"));
        await using var host = await TestHost.Start(app);
        await Eventually.True(() => app.Read("below/seen").Length > 0, "what it saw");
        Assert.Equal([Path.Combine(app.Root, "below"), "--a", "b c", "server.js", ""], app.Read("below/seen").Split('\n'));
    }

    [Fact]
    public async Task A_stop_kills_the_handler_and_not_its_children()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script(
            "#!/usr/bin/env bash\nsleep 60 >/dev/null 2>&1 &\necho \"$! $$\" > pids.tmp; mv pids.tmp pids\nwait\n");
        var host = await TestHost.Start(app);
        await Eventually.True(() => app.Read("pids").Length > 0, "the processes' ids");
        var pids = app.Read("pids").Trim().Split(' ').Select(int.Parse).ToArray();
        using var child = Process.GetProcessById(pids[0]);
        using var handler = Process.GetProcessById(pids[1]);
        await host.DisposeAsync();
        await Eventually.True(() => handler.HasExited, "the handler's end");
        Assert.False(child.HasExited);
        child.Kill();
    }

    [Fact]
    public async Task One_functions_timeout_takes_every_call_under_way_with_it()
    {
        using var app = new TestApp("""{"functionTimeout":"00:00:06","customHandler":{"enableForwardingHttpRequest":true,"description":{"defaultExecutablePath":"handler"}}}""")
            .Http("Api", "{*path}").Function("Yearly", """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 0 0 1 1 *"}""").Script("""
                #!/usr/bin/env node
                const fs = require('fs');
                require('http').createServer((request, response) => {
                  if (request.url === '/') return response.end();
                  if (request.url === '/slow') setTimeout(() => fs.writeFileSync('later', 'x'), 3000);
                }).listen(Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
                """);
        await using var host = await TestHost.Start(app);
        var slow = host.Client.GetAsync(new Uri("/slow", UriKind.Relative));
        await Eventually.True(() => app.Read("later").Length > 0, "half of its time");

        // Neither of these comes to its own limit: that of the first one ends the process before.
        var other = host.Client.GetAsync(new Uri("/other", UriKind.Relative));
        var envelope = host.Get<IFunctionInvoker>().Invoke(app.Catalog.Find("Yearly")!, new Dictionary<string, BindingValue>(), new Dictionary<string, BindingValue>(), CancellationToken.None);
        using var first = await slow;
        using var second = await other;
        Assert.Equal((500, 500), ((int)first.StatusCode, (int)second.StatusCode));
        var failure = Assert.IsType<InvocationResult.Failure>(await envelope);
        Assert.Equal(InvocationFailure.ConnectionLost, failure.Kind);
    }
}
