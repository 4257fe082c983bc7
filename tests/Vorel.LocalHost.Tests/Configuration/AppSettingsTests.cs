using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Tests.Configuration;

public sealed class AppSettingsTests
{
    private readonly AppSettings _settings = new(new LocalHostOptions
    {
        AppRoot = "",
        Storage = "main",
        DurableStorage = "hub",
        Settings = new Dictionary<string, string> { ["AzureWebJobsOrders"] = "first", ["Orders"] = "second", ["Mail"] = "mail", ["QUEUE"] = "live" },
    });

    [Theory]
    [InlineData(null, "main")]
    [InlineData("", "main")]
    [InlineData("Storage", "main")]
    [InlineData("AzureWebJobsStorage", "main")]
    [InlineData("Orders", "first")]
    [InlineData("Mail", "mail")]
    public void A_connection_is_looked_up_with_the_hosts_prefix_first(string? name, string value) => Assert.Equal(value, _settings.Connection(name));

    [Fact]
    public void Settings_stand_between_percent_signs()
    {
        Assert.Equal("orders-live-live", _settings.Expand("orders-%QUEUE%-%QUEUE%"));
        Assert.Equal("100%", _settings.Expand("100%"));
    }

    [Fact]
    public void What_is_no_setting_is_named()
    {
        Assert.Contains("'Nobody'", Assert.Throws<InvalidDataException>(() => _settings.Connection("Nobody")).Message, StringComparison.Ordinal);
        Assert.Contains("%NOBODY%", Assert.Throws<InvalidDataException>(() => _settings.Expand("%NOBODY%")).Message, StringComparison.Ordinal);
    }
}
