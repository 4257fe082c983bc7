using Vorel.Azure.ServiceBus;

namespace Vorel.Azure.Tests.ServiceBus;

[Trait("Area", "hostile")]
public sealed class ServiceBusMessageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a\r\nInjected: yes")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData("a\"b")]
    [InlineData("a\\")]
    [InlineData("Größe")]
    [InlineData("a\u2028b")]
    [InlineData("a\u007fb")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    public async Task A_property_that_cannot_travel_is_refused_without_repeating_it(string value)
    {
        var refused = await Refused(message => message.ApplicationProperties["tenant"] = value);

        Assert.True(value.Length == 0 || !refused.Message.Contains(value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tenant")]
    [InlineData("1st")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("größe")]
    [InlineData("authorization")]
    [InlineData("brokerproperties")]
    [InlineData("content-length")]
    [InlineData("host")]
    [InlineData("transfer-encoding")]
    [InlineData("x-ms-retrypolicy")]
    [InlineData("proxy-authorization")]
    [InlineData("traceparent")]
    public Task A_property_name_that_is_or_could_be_a_header_of_anyone_elses_is_refused(string name) =>
        Refused(message => message.ApplicationProperties[name] = "v");

    [Fact]
    public async Task A_property_of_another_type_is_refused()
    {
        await Refused(message => message.ApplicationProperties["p"] = 1.5);
        await Refused(message => message.ApplicationProperties["p"] = DateTimeOffset.UnixEpoch);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b\r\nInjected: yes")]
    public Task A_content_type_that_cannot_travel_is_refused(string value) => Refused(message => message.ContentType = value);

    [Fact]
    public async Task A_message_id_has_1_to_128_characters()
    {
        await Refused(message => message.MessageId = null);
        await Refused(message => message.MessageId = "");
        await Refused(message => message.MessageId = new string('i', 129));
        await Refused(message => message.SessionId = new string('i', 129));
        Assert.Contains(
            new string('i', 128),
            (await Sent(new ServiceBusMessage(new BinaryData("")) { MessageId = new string('i', 128), SessionId = new string('s', 128) })).Headers["BrokerProperties"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sizes_are_held_to_the_byte()
    {
        var room = ServiceBusLimits.MaxMessageSize - "Content-Typeapplication/octet-streamBrokerProperties{\"MessageId\":\"m\"}".Length;
        await Sent(new ServiceBusMessage(new BinaryData(new byte[room])) { MessageId = "m" });

        await Assert.ThrowsAsync<ServiceBusLimitException>(() => Sent(new ServiceBusMessage(new BinaryData(new byte[room + 1])) { MessageId = "m" }));
        await Refused(message => message.ApplicationProperties["p"] = new string('v', ServiceBusLimits.MaxPropertySize));
        await Refused(message =>
        {
            message.ApplicationProperties["p"] = new string('v', 30 * 1024);
            message.ApplicationProperties["q"] = new string('v', 30 * 1024);
            message.ApplicationProperties["r"] = new string('v', 6 * 1024);
        });
    }

    [Fact]
    public async Task Any_text_is_safe_among_the_broker_properties()
    {
        var sent = await Sent(new ServiceBusMessage(new BinaryData("")) { MessageId = "a\r\nInjected: \"ö\\\0" });

        Assert.All(sent.Headers["BrokerProperties"], character => Assert.InRange(character, ' ', '~'));
        Assert.DoesNotContain("Injected", sent.Headers.Keys);
    }

    private static async Task<ServiceBusLimitException> Refused(Action<ServiceBusMessage> change)
    {
        var message = new ServiceBusMessage(new BinaryData("")) { MessageId = "m" };
        change(message);
        return await Assert.ThrowsAsync<ServiceBusLimitException>(() => Sent(message));
    }

    private static async Task<SentRequest> Sent(ServiceBusMessage message)
    {
        var transport = new RecordingTransport(_ => new FakeResponse(201));
        try
        {
            await new ServiceBusClient("Endpoint=sb://ns.example/;SharedAccessKeyName=n;SharedAccessKey=k", new ServiceBusClientOptions { Transport = transport })
                .CreateSender("topic").SendMessageAsync(message);
            return Assert.Single(transport.Sent);
        }
        catch (ServiceBusLimitException)
        {
            Assert.Empty(transport.Sent);
            throw;
        }
    }
}
