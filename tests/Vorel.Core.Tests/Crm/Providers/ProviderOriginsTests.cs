using Vorel.Core.Crm.Providers;

namespace Vorel.Core.Tests.Crm.Providers;

public sealed class ProviderOriginsTests
{
    [Theory]
    [InlineData("https://api.example.com/v1/things?limit=2", "http://127.0.0.1:5001/v1/things?limit=2")]
    [InlineData("https://api.example.com", "http://127.0.0.1:5001/")]
    [InlineData("https://login.example.com/authorize", "http://127.0.0.1:5002/authorize")]
    [InlineData("https://api.example.com:8443/v1", "https://api.example.com:8443/v1")]
    [InlineData("https://api.example.com.evil.example/v1", "https://api.example.com.evil.example/v1")]
    [InlineData("http://api.example.com/v1", "http://api.example.com/v1")]
    public void A_stand_in_takes_the_place_of_its_origin_alone(string address, string called)
    {
        var origins = ProviderOrigins.Parse("https://api.example.com=http://127.0.0.1:5001, https://login.example.com=http://127.0.0.1:5002");
        Assert.Equal(new Uri(called), origins.Of(new Uri(address)));
    }

    [Fact]
    public void Without_the_setting_every_address_is_where_it_says()
    {
        var address = new Uri("https://api.example.com/v1");
        Assert.Same(address, ProviderOrigins.Public.Of(address));
        Assert.Same(address, ProviderOrigins.Parse("").Of(address));
    }

    [Theory]
    [InlineData("https://api.example.com")]
    [InlineData("https://api.example.com=http://10.0.0.1:5001")]
    [InlineData("https://api.example.com=https://127.0.0.1:5001")]
    [InlineData("http://api.example.com=http://127.0.0.1:5001")]
    [InlineData("https://api.example.com/v1=http://127.0.0.1:5001")]
    [InlineData("https://api.example.com=http://127.0.0.1:5001/base")]
    [InlineData("https://user@api.example.com=http://127.0.0.1:5001")]
    [InlineData("https://api.example.com=http://127.0.0.1:1,https://api.example.com=http://127.0.0.1:2")]
    public void Refuses_what_is_no_pair_of_origins_and_repeats_nothing_of_it(string text) =>
        Assert.DoesNotContain("example", Assert.Throws<FormatException>(() => ProviderOrigins.Parse(text)).Message, StringComparison.Ordinal);
}
