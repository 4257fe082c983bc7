using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    [Fact]
    public void Is_the_marker_and_the_base64_of_32_random_bytes()
    {
        var secrets = Enumerable.Range(0, 50).Select(_ => WebhookSecret.Generate()).ToArray();
        Assert.All(secrets, secret => Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", secret));
        Assert.Equal(secrets.Length, secrets.Distinct().Count());
    }

    [Fact]
    public void Shows_its_first_12_characters_only() =>
        Assert.Equal("whsec_AAAAAA", WebhookSecret.ShownPrefix(WebhookSecret.Generate(buffer => buffer.Clear())));
}
