using Vorel.Core.Security;

namespace Vorel.Core.Tests.Security;

public sealed class IndexKeyTests
{
    private readonly IndexKey _index = new(TestSecrets.Root());

    [Fact]
    public void Matches_the_known_answer() =>
        // Computed with Node's crypto: see known-answers.mjs.
        Assert.Equal("6nd52okv22ixzlliq2dbxx4zqqpadeui7ny2uxzvilxfmuvqrmxq", _index.Digest(TestSecrets.Tenant, "phone", "+14155550100"));

    [Fact]
    public void Gives_another_digest_for_another_tenant_kind_value_or_split()
    {
        string[] digests =
        [
            _index.Digest(TestSecrets.Tenant, "phone", "+1"),
            _index.Digest(TestSecrets.OtherTenant, "phone", "+1"),
            _index.Digest(TestSecrets.Tenant, "email", "+1"),
            _index.Digest(TestSecrets.Tenant, "phone", "+2"),
            _index.Digest(TestSecrets.Tenant, "phone+", "1"),
        ];
        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "my")]
    [InlineData("fo", "mzxq")]
    [InlineData("foo", "mzxw6")]
    [InlineData("foob", "mzxw6yq")]
    [InlineData("fooba", "mzxw6ytb")]
    [InlineData("foobar", "mzxw6ytboi")]
    public void Encodes_base32_as_in_RFC_4648_section_10(string text, string expected) =>
        Assert.Equal(expected, Base32.Encode(System.Text.Encoding.ASCII.GetBytes(text)));
}
