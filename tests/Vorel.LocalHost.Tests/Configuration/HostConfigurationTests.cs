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

    [Theory]
    [InlineData("""{"version":"1.0"}""", "2.0")]
    [InlineData("""{"version":"2.0"}""", "defaultExecutablePath")]
    [InlineData("""{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"h"}},"functionTimeout":"soon"}""", "cannot be read")]
    [InlineData("""{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"h"}},"extensions":{"queues":{"batchSize":64}}}""", "batchSize")]
    [InlineData("{", "cannot be read")]
    public void What_would_stop_the_real_host_stops_this_one_with_the_reason(string json, string part)
    {
        using var app = new TestApp();
        File.WriteAllText(Path.Combine(app.Root, "host.json"), json);
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => app.Configuration).Message, StringComparison.Ordinal);
    }
}
