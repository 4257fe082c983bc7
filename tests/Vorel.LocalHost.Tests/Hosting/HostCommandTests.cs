using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Vorel.LocalHost.Development;
using Vorel.LocalHost.Hosting;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Hosting;

/// <summary>The verb <c>host</c> as the process it is.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class HostCommandTests(AzuriteFixture azurite)
{
    private const string Listening = """
        #!/usr/bin/env node
        require('http').createServer((request, response) => {
          if (request.url === '/die') process.exit(3);
          if (request.url === '/hang') return require('fs').writeFileSync('hangs', 'yes');
          response.end(String(process.pid));
        }).listen(Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
        """;

    [Fact]
    public async Task It_says_when_it_is_up_stops_in_order_and_keeps_clock_and_keys_over_a_restart()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script(Listening);
        using var client = new HttpClient();
        var (host, facts) = await Start(app);
        var front = facts.GetProperty("host").GetProperty("address").GetString()!;
        var pid = int.Parse(await client.GetStringAsync($"{front}/pid"));
        Assert.Equal(pid, facts.GetProperty("handlers")[0].GetProperty("process_id").GetInt32());
        Assert.Equal(host.Id, facts.GetProperty("host").GetProperty("process_id").GetInt32());
        Assert.Equal("{}", (await client.GetFromJsonAsync<JsonElement>($"{facts.GetProperty("sandbox").GetString()}/sandbox/inbox.json")).GetProperty("attempts").ToString());
        using (var answer = await client.PostAsJsonAsync($"{front}/admin/clock/advance", new { by = "PT2H" }))
        {
            Assert.True(answer.IsSuccessStatusCode);
        }

        Assert.Equal(0, await Stop(host));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));

        var key = facts.GetProperty("master_key").GetString();
        (host, facts) = await Start(app);
        Assert.Equal(key, facts.GetProperty("master_key").GetString());
        front = facts.GetProperty("host").GetProperty("address").GetString()!;
        Assert.Equal(7_200_000, (await client.GetFromJsonAsync<JsonElement>($"{front}/admin/clock")).GetProperty("offset_ms").GetInt64());
        Assert.Equal(0, await Stop(host));
    }

    [Fact]
    public async Task A_stop_with_every_kind_of_function_at_work_ends_with_0_and_prints_no_exception()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script(Listening)
            .Function("Flow", """{"type":"orchestrationTrigger","direction":"in","name":"context"}""")
            .Function("Act", """{"type":"activityTrigger","direction":"in","name":"input"}""")
            .Function("Live", """{"type":"queueTrigger","direction":"in","name":"message","queueName":"stopping"}""")
            .Function("Tick", """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 * * * * *"}""");
        using var client = new HttpClient();
        var (host, facts) = await Start(app);
        var pid = facts.GetProperty("handlers")[0].GetProperty("process_id").GetInt32();
        var front = facts.GetProperty("host").GetProperty("address").GetString()!;
        using (var nothingWaits = await client.PostAsJsonAsync($"{front}/admin/clock/advance", new { to = "next" }))
        {
            Assert.Equal(409, (int)nothingWaits.StatusCode);
        }

        var hanging = client.GetAsync($"{front}/hang");
        await Eventually.True(() => app.Read("hangs").Length > 0, "the call that hangs", TimeSpan.FromSeconds(10));

        Assert.True(PosixSignal.Terminate(host));
        var text = await host.StandardOutput.ReadToEndAsync() + await host.StandardError.ReadToEndAsync();
        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(0, host.ExitCode);
        Assert.DoesNotContain("xception", text, StringComparison.Ordinal);
        Assert.Contains("Every handler is stopped.", text, StringComparison.Ordinal);
        using var answer = await hanging;
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
        host.Dispose();
    }

    [Fact]
    public async Task A_handler_that_keeps_crashing_ends_it_with_1()
    {
        using var app = new TestApp().Http("Api", "{*path}").Script(Listening);
        var (host, facts) = await Start(app);
        using var client = new HttpClient { DefaultRequestHeaders = { { "x-functions-key", facts.GetProperty("master_key").GetString() } } };
        var front = facts.GetProperty("host").GetProperty("address").GetString()!;
        for (var strike = 0; strike < 3; strike++)
        {
            // A call to a handler that is dead already would fail without a strike: each call is for the next one.
            await Eventually.True(async () => await Starts(client, front) == strike + 1, "the next handler", TimeSpan.FromSeconds(10));
            using var answer = await client.GetAsync($"{front}/die");
            Assert.Equal(500, (int)answer.StatusCode);
        }

        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, host.ExitCode);
        Assert.Contains("Exceeded http worker restart retry count", await host.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        host.Dispose();
    }

    [Fact]
    public async Task A_second_host_on_the_same_hub_is_refused()
    {
        using var app = new TestApp().Function("Work", """{"type":"activityTrigger","direction":"in","name":"input"}""").Script(Listening);
        using var first = HubLock.Take(azurite.ConnectionString, "TestHubName");
        using var host = Launch("--app-root", app.Root, "--storage", azurite.ConnectionString, "--port", "0", "--sandbox-port", "0");

        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(1, host.ExitCode);
        Assert.Contains("Another local host works on the Durable hub 'TestHubName'", await host.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", 0, "--ready-file")]
    [InlineData("--app-root /tmp/no-such-app --storage UseDevelopmentStorage=true", 2, "host.json does not exist")]
    [InlineData("--app-root /tmp", 2, "--storage")]
    [InlineData("--app-root /tmp --storage x --instances 0", 2, "--instances wants a number from 1 to 16.")]
    [InlineData("--app-root /tmp --storage x --instances 17", 2, "--instances wants a number from 1 to 16.")]
    [InlineData("--app-root /tmp --storage x --instances three", 2, "--instances wants a number from 1 to 16.")]
    [InlineData("--app-root /tmp --storage x --setting novalue", 2, "NAME=VALUE")]
    [InlineData("--app-root /tmp --storage x --http-mode carrier-pigeon", 2, "--http-mode")]
    [InlineData("--app-root /tmp --storage x --durable-chaos duplicate=2", 2, "--durable-chaos is written seed=NUMBER")]
    public async Task Each_way_not_to_start_has_its_line_and_its_exit_code(string arguments, int code, string part)
    {
        using var host = Launch(arguments.Split(' '));
        var text = await host.StandardOutput.ReadToEndAsync() + await host.StandardError.ReadToEndAsync();
        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(code, host.ExitCode);
        Assert.Contains(part, text, StringComparison.Ordinal);
    }

    private static async Task<int> Starts(HttpClient client, string front) =>
        (await client.GetFromJsonAsync<JsonElement>($"{front}/admin/host/status")).GetProperty("handlers")[0].GetProperty("starts").GetInt32();

    private static async Task<int> Stop(Process host)
    {
        Assert.True(PosixSignal.Terminate(host));
        await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        var code = host.ExitCode;
        host.Dispose();
        return code;
    }

    private static Process Launch(params IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Vorel.LocalHost.dll"), "host", .. arguments])
    {
        RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
    })!;

    private async Task<(Process Host, JsonElement Facts)> Start(TestApp app)
    {
        var ready = Path.Combine(app.Root, $"{Guid.NewGuid():N}.json");
        var host = Launch("--app-root", app.Root, "--storage", azurite.ConnectionString, "--port", "0", "--sandbox-port", "0", "--ready-file", ready);
        await Eventually.True(() => File.Exists(ready), "the ready file", TimeSpan.FromSeconds(30));
        return (host, JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(ready)));
    }
}
