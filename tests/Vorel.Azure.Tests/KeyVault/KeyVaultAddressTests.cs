using Vorel.Azure.KeyVault;
using Vorel.Fakes;

namespace Vorel.Azure.Tests.KeyVault;

/// <summary>Which addresses are a vault's, and its keys': the token is shown to whoever answers there.</summary>
[Trait("Area", "hostile")]
public sealed class KeyVaultAddressTests
{
    private const string Version = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("https://vorel.vault.azure.net/keys/rows")]
    [InlineData("https://vorel.vault.azure.net/keys/rows/" + Version)]
    [InlineData("https://vorel-1.vault.azure.cn/keys/a")]
    [InlineData("https://vorel.vault.usgovcloudapi.net/keys/a")]
    [InlineData("https://vorel.managedhsm.azure.net/keys/a/" + Version)]
    public void A_key_of_a_vault_is_taken_apart(string text)
    {
        Assert.True(KeyVaultKeyIdentifier.TryParse(text, allowLoopback: false, out var key));
        Assert.Equal(text, key.ToString());
        Assert.Equal(new Uri(text).GetLeftPart(UriPartial.Authority) + "/", key.VaultUri.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("rows")]
    [InlineData("http://vorel.vault.azure.net/keys/rows")]
    [InlineData("https://vault.azure.net/keys/rows")]
    [InlineData("https://a.b.vault.azure.net/keys/rows")]
    [InlineData("https://evilvault.azure.net/keys/rows")]
    [InlineData("https://vorel.vault.azure.net.evil.example/keys/rows")]
    [InlineData("https://vorel.vault.azure.net:444/keys/rows")]
    [InlineData("https://user@vorel.vault.azure.net/keys/rows")]
    [InlineData("https://evil.example/vorel.vault.azure.net/keys/rows")]
    [InlineData("https://evil.example#.vault.azure.net/keys/rows")]
    [InlineData("https://VOREL.vault.azure.net/keys/rows")]
    [InlineData("https://vorel.vault.azure.net/secrets/rows")]
    [InlineData("https://vorel.vault.azure.net/keys/")]
    [InlineData("https://vorel.vault.azure.net/keys/rows/")]
    [InlineData("https://vorel.vault.azure.net/keys/rows/short")]
    [InlineData("https://vorel.vault.azure.net/keys/rows/" + Version + "/wrapkey")]
    [InlineData("https://vorel.vault.azure.net/keys/rows?x=1")]
    [InlineData("https://vorel.vault.azure.net/keys/rows#x")]
    [InlineData("https://vorel.vault.azure.net/keys/../keys/rows")]
    [InlineData("https://vorel.vault.azure.net/keys/ro%77s")]
    [InlineData("https://127.0.0.1:5001/keys/rows")]
    [InlineData("http://localhost/keys/rows")]
    [InlineData(" https://vorel.vault.azure.net/keys/rows")]
    public void What_is_not_plainly_a_vaults_key_is_refused(string? text) =>
        Assert.False(KeyVaultKeyIdentifier.TryParse(text, allowLoopback: false, out _));

    [Theory]
    [InlineData("http://127.0.0.1:5001/keys/rows", true)]
    [InlineData("https://localhost:5001/keys/rows", true)]
    [InlineData("http://192.0.2.1:5001/keys/rows", false)]
    [InlineData("https://evil.example/keys/rows", false)]
    public void In_development_loopback_is_taken_and_nothing_else(string text, bool isTaken) =>
        Assert.Equal(isTaken, KeyVaultKeyIdentifier.TryParse(text, allowLoopback: true, out _));

    [Fact]
    public async Task A_client_is_made_for_a_vault_alone()
    {
        await using var vault = new FakeKeyVault();
        var tokens = new VaultTokens(vault);
        foreach (var address in new[] { "https://evil.example/", "http://vorel.vault.azure.net/", "http://127.0.0.1:1/", "https://vorel.vault.azure.net/keys/", "https://vorel.vault.azure.net/?a" })
        {
            Assert.Throws<ArgumentException>(() => new KeyClient(new Uri(address), tokens));
        }

        Assert.Throws<ArgumentException>(() => new CryptographyClient(new Uri("https://vorel.vault.azure.net/keys/rows"), tokens));
        Assert.Throws<ArgumentException>(() => new CryptographyClient(new Uri("https://evil.example/keys/rows/" + Version), tokens));
        Assert.Throws<ArgumentException>(() => new KeyClient(new Uri("https://vorel.vault.azure.net/"), tokens).GetCryptographyClient("../secrets", Version));
        Assert.Equal(
            "https://vorel.vault.azure.net/keys/rows/" + Version,
            new CryptographyClient(new Uri("https://vorel.vault.azure.net/keys/rows/" + Version), tokens).KeyId);
    }
}
