using Vorel.Core.Security;

namespace Vorel.Core.Tests.Security;

public sealed class RootSecretTests
{
    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("", "is not set")]
    [InlineData("not base64 at all!", "is not base64")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==", "holds 16 bytes")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", "holds 31 bytes")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", "is not base64")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "is not base64")]
    [InlineData("__ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "is not base64")]
    public void Refuses_an_unusable_value_and_says_which_setting_why_and_what_to_do(string? value, string why)
    {
        var exception = Assert.Throws<SecretSettingException>(() => RootSecret.Parse("SOME_KEY", value));

        Assert.Contains("SOME_KEY " + why, exception.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", exception.Message, StringComparison.Ordinal);
        if (!string.IsNullOrEmpty(value))
        {
            Assert.DoesNotContain(value.Trim(), exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Takes_more_than_32_bytes()
    {
        using var root = RootSecret.Parse("SOME_KEY", Convert.ToBase64String(new byte[48]));
        Assert.NotEmpty(root.Mac([1]));
    }

    [Fact]
    public void Derives_unrelated_keys_for_other_labels_contexts_and_salts()
    {
        using var root = TestSecrets.Root();
        string[] keys = [Derive("", "l", "c"), Derive("s", "l", "c"), Derive("", "m", "c"), Derive("", "l", "d"), Derive("", "lc", "")];
        Assert.Equal(keys.Length, keys.Distinct().Count());

        string Derive(string salt, string label, string context)
        {
            var key = new byte[32];
            root.DeriveKey(key, System.Text.Encoding.UTF8.GetBytes(salt), label, context);
            return Convert.ToHexString(key);
        }
    }
}
