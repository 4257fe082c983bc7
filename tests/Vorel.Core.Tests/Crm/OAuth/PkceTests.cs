using Vorel.Core.Crm.OAuth;
using Vorel.Core.Security;

namespace Vorel.Core.Tests.Crm.OAuth;

public sealed class PkceTests
{
    [Fact]
    public void The_example_of_RFC_7636_appendix_B_comes_out()
    {
        byte[] octets =
        [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186,
            22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];

        var verifier = Pkce.NewVerifier(buffer => octets.CopyTo(buffer));

        Assert.Equal("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", verifier);
        Assert.Equal("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Pkce.ChallengeOf(verifier));
    }

    [Fact]
    public void A_verifier_is_of_the_characters_and_length_that_the_RFC_allows_and_never_the_same()
    {
        var verifiers = Enumerable.Range(0, 100).Select(_ => Pkce.NewVerifier(Randomness.Secure)).ToList();

        Assert.All(verifiers, verifier => Assert.Matches("^[A-Za-z0-9_-]{43}$", verifier));
        Assert.Equal(100, verifiers.Distinct().Count());
    }

    [Fact]
    public void A_text_for_one_purpose_has_another_digest_for_the_next()
    {
        var text = OneTimeText.New(Randomness.Secure);

        Assert.NotEqual(OneTimeText.DigestOf("ticket", text), OneTimeText.DigestOf("state", text));
        Assert.Equal(OneTimeText.DigestOf("state", text), OneTimeText.DigestOf("state", text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=")]
    [InlineData("dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk")]
    [InlineData("dBjftJeZ4CVP mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEj\0k")]
    public void What_is_no_such_text_is_not_even_looked_up(string? text)
    {
        Assert.False(OneTimeText.IsForm(text));
    }
}
