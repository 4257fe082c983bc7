using Vorel.Azure.ServiceBus;

namespace Vorel.Azure.Tests.ServiceBus;

public sealed class ServiceBusClientTests
{
    private const string Good = "Endpoint=sb://vorel.servicebus.windows.net/;SharedAccessKeyName=send-only;SharedAccessKey=super-secret=";

    [Theory]
    [InlineData("")]
    [InlineData("super-secret")]
    [InlineData("Endpoint=sb://vorel.servicebus.windows.net/;SharedAccessKeyName=send-only")]
    [InlineData("Endpoint=sb://vorel.servicebus.windows.net/;SharedAccessKeyName=;SharedAccessKey=super-secret")]
    [InlineData("Endpoint=https://super-secret.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k")]
    [InlineData("Endpoint=sb://super-secret/path;SharedAccessKeyName=n;SharedAccessKey=k")]
    [InlineData("Endpoint=sb://super-secret@host/;SharedAccessKeyName=n;SharedAccessKey=k")]
    [InlineData("Endpoint=super-secret;SharedAccessKeyName=n;SharedAccessKey=k")]
    [InlineData("Endpoint=sb://super-secret.example/;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true")]
    [InlineData(Good + ";SharedAccessKey=super-secret")]
    public void A_malformed_connection_string_is_refused_without_repeating_it(string text)
    {
        var refused = Assert.ThrowsAny<Exception>(() => new ServiceBusClient(text));

        Assert.True(refused is FormatException or ArgumentException);
        Assert.DoesNotContain("super-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_names_the_namespace() =>
        Assert.Equal("vorel.servicebus.windows.net", new ServiceBusClient(Good).FullyQualifiedNamespace);

    [Fact]
    public void A_connection_string_for_one_topic_sends_to_no_other()
    {
        var client = new ServiceBusClient(Good + ";EntityPath=vorel-events");

        Assert.Equal("vorel-events", client.CreateSender("vorel-events").EntityPath);
        Assert.Throws<ArgumentException>(() => client.CreateSender("other"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("vorel-events/")]
    [InlineData("a/b")]
    [InlineData("-events")]
    [InlineData("events.")]
    [InlineData("eve nts")]
    [InlineData("ereignisse-für-alle")]
    [InlineData("..")]
    [InlineData("a?b")]
    public void What_is_no_name_of_a_topic_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new ServiceBusClient(Good).CreateSender(name));

    [Theory]
    [InlineData("vorel.servicebus.windows.net/topic")]
    [InlineData("https://vorel.servicebus.windows.net")]
    [InlineData("user@vorel.servicebus.windows.net")]
    [InlineData("vorel servicebus")]
    public void What_is_no_host_name_is_no_namespace(string name) =>
        Assert.Throws<FormatException>(() => new ServiceBusClient(name, new CountingTokens(TimeSpan.FromHours(1), _ => { })));
}
