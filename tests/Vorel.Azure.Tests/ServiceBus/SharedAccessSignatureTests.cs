using Vorel.Azure.ServiceBus;

namespace Vorel.Azure.Tests.ServiceBus;

/// <summary>Known answers, computed with Node's crypto by known-answers.mjs and not with this code.</summary>
public sealed class SharedAccessSignatureTests
{
    [Theory]
    [InlineData(
        "https://vorel.servicebus.windows.net/vorel-events",
        "send-only",
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        1795000000,
        "SharedAccessSignature sr=https%3A%2F%2Fvorel.servicebus.windows.net%2Fvorel-events&sig=PtljgwBC%2Bznf43GvHtRGyijugolTjI2L4m6yJMKldrg%3D&se=1795000000&skn=send-only")]
    [InlineData(
        "http://127.0.0.1:5672/a.topic_1",
        "Root & all",
        "not base64 at all",
        4102444800,
        "SharedAccessSignature sr=http%3A%2F%2F127.0.0.1%3A5672%2Fa.topic_1&sig=UtvB%2BdEjiGVxHgy3RyBOZyxFDAHmEiSSt1MkUK5aPPs%3D&se=4102444800&skn=Root%20%26%20all")]
    public void A_token_is_the_known_one(string resource, string keyName, string key, long expiry, string expected) =>
        Assert.Equal(expected, SharedAccessSignature.Token(resource, keyName, key, DateTimeOffset.FromUnixTimeSeconds(expiry)));
}
