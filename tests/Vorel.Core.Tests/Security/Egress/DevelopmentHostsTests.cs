using Vorel.Core.Security.Egress;

namespace Vorel.Core.Tests.Security.Egress;

public sealed class DevelopmentHostsTests
{
    [Fact]
    public void Reads_the_list_of_exact_pairs()
    {
        var hosts = DevelopmentHosts.Parse("LOCALHOST:7072,[::1]:80");
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
