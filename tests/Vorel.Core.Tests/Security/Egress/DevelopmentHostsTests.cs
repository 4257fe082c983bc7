using Vorel.Core.Security.Egress;

namespace Vorel.Core.Tests.Security.Egress;

public sealed class DevelopmentHostsTests
{
    [Theory]
    [InlineData("WEBSITE_SITE_NAME")]
    [InlineData("CONTAINER_APP_NAME")]
    [InlineData("IDENTITY_ENDPOINT")]
    public void Refuses_to_start_on_Azure(string marker)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => DevelopmentHosts.Read(
            name => name == marker ? "set" : name == DevelopmentHosts.SettingName ? "127.0.0.1:1" : null));

        Assert.Contains(marker, exception.Message, StringComparison.Ordinal);
        Assert.Contains(DevelopmentHosts.SettingName, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Is_empty_and_welcome_anywhere_when_it_is_not_set(string? value) =>
        Assert.Same(DevelopmentHosts.None, DevelopmentHosts.Read(name => name == DevelopmentHosts.SettingName ? value : "on Azure"));

    [Fact]
    public void Reads_the_list_where_nothing_of_Azure_is_set()
    {
        var hosts = DevelopmentHosts.Read(name => name == DevelopmentHosts.SettingName ? "LOCALHOST:7072,[::1]:80" : null);
        Assert.True(hosts.Contains("localhost", 7072));
        Assert.True(hosts.Contains("::1", 80));
        Assert.False(hosts.Contains("localhost", 80));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData(":80")]
    [InlineData("localhost:*")]
    [InlineData("localhost:0")]
    [InlineData("127.0.0.1:80,nonsense")]
    public void Refuses_what_is_no_pair(string text) =>
        Assert.Throws<InvalidOperationException>(() => DevelopmentHosts.Parse(text));
}
