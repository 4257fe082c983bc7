using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Configuration;

public sealed class HostConfigurationTests
{
    private const string Custom = "\"customHandler\":{\"description\":{\"defaultExecutablePath\":\"handler\"}}";

    [Fact]
    public void What_is_not_said_has_the_documented_default()
    {
        using var app = new TestApp("{" + Custom + ",\"extensions\":{}}");
        var configuration = app.Configuration;
        Assert.Equal(TimeSpan.FromMinutes(30), configuration.FunctionTimeout);
        Assert.Equal("api", configuration.Http.RoutePrefix);
        Assert.Equal(TimeSpan.FromSeconds(30), configuration.Handler.InitializationTimeout);
        Assert.Equal(new QueueSettings(), configuration.Queues);
        Assert.Equal((5, TimeSpan.Zero, TimeSpan.FromMinutes(1), true), (configuration.Queues.MaxDequeueCount, configuration.Queues.VisibilityTimeout, configuration.Queues.MaxPollingInterval, configuration.Queues.Base64));
    }

    [Fact]
    public void A_setting_overrides_a_value_of_the_file()
    {
        using var app = new TestApp("{" + Custom + ",\"extensions\":{\"queues\":{\"visibilityTimeout\":\"00:00:30\"}}}");
        var settings = new Dictionary<string, string>
        {
            ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:02", ["AzureFunctionsJobHost__functionTimeout"] = "-1",
        };
        var configuration = HostConfiguration.Load(app.Root, settings.GetValueOrDefault);
        Assert.Equal(TimeSpan.FromSeconds(2), configuration.Queues.VisibilityTimeout);
        Assert.Null(configuration.FunctionTimeout);
    }

    [Fact]
    public void What_it_does_not_know_is_passed_over_as_are_comments()
    {
        using var app = new TestApp();
        File.WriteAllText(Path.Combine(app.Root, "host.json"), "{/* a comment */\"version\":\"2.0\",\"watchFiles\":[],\"more\":{}," + Custom + ",}");
        Assert.Equal("api", app.Configuration.Http.RoutePrefix);
    }

    [Theory]
    [InlineData("{\"queues\":{\"batchSize\":8}}", 4)]
    [InlineData("{}", 8)]
    public void The_next_batch_comes_from_half_a_batch_for_each_core_on(string extensions, int half)
    {
        using var app = new TestApp("{" + Custom + ",\"extensions\":" + extensions + "}");
        Assert.Equal(half * Environment.ProcessorCount, app.Configuration.Queues.NewBatchThreshold);
    }

    [Theory]
    [InlineData("handler", null, "handler")]
    [InlineData("tool", "tools", "tools/tool")]
    [InlineData("below/handler", null, "below/handler")]
    [InlineData("node", null, null)]
    [InlineData("handler", "tools", null)]
    public void A_relative_program_is_looked_for_in_the_worker_directory_and_else_on_the_path(string executable, string? directory, string? found)
    {
        var place = directory is null ? "" : $",\"workerDirectory\":\"{directory}\"";
        using var app = new TestApp("{\"customHandler\":{\"description\":{\"defaultExecutablePath\":\"" + executable + "\",\"workingDirectory\":\"below\"" + place + "}}}");
        foreach (var file in new[] { "handler", "tools/tool", "below/handler", "below/node" })
        {
            Directory.CreateDirectory(Path.Combine(app.Root, Path.GetDirectoryName(file)!));
            File.WriteAllText(Path.Combine(app.Root, file), "");
        }

        var handler = app.Configuration.Handler;
        Assert.Equal(found is null ? executable : Path.Combine(app.Root, found), handler.Executable);
        Assert.Equal(Path.Combine(app.Root, "below"), handler.WorkingDirectory);
    }

    [Fact]
    public void Arguments_have_their_settings_filled_in_and_unknown_ones_taken_out()
    {
        using var app = new TestApp("""{"customHandler":{"description":{"defaultExecutablePath":"node","arguments":["--a=%A%","%NOBODY%b c"],"defaultWorkerPath":"server.js","workerArguments":["%A%"]}}}""");
        var settings = new Dictionary<string, string> { ["A"] = "x y" };
        Assert.Equal(["--a=x y", "b c", "server.js", "x y"], HostConfiguration.Load(app.Root, settings.GetValueOrDefault).Handler.Arguments);
    }

    [Theory]
    [InlineData("""{"version":"1.0"}""", "2.0")]
    [InlineData("""{"version":"2.0"}""", "defaultExecutablePath")]
    [InlineData("""{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"h"}},"functionTimeout":"soon"}""", "cannot be read")]
    [InlineData("""{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"h"}},"functionTimeout":"00:00:00.5"}""", "a second at least")]
    [InlineData("""{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"h"}},"extensions":{"queues":{"batchSize":64}}}""", "batchSize")]
    [InlineData("{", "cannot be read")]
    public void What_would_stop_the_real_host_stops_this_one_with_the_reason(string json, string part)
    {
        using var app = new TestApp();
        File.WriteAllText(Path.Combine(app.Root, "host.json"), json);
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => app.Configuration).Message, StringComparison.Ordinal);
    }
}
