using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    // node -e "console.log(require('crypto').createHmac('sha256','whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').update('{\"name\":\"Zoë \u2028\"}').digest('hex'))"
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Body = "{\"name\":\"Zoë \u2028\"}";
    private const string Expected = "53227700bf1d9d436fdfae6482f386949ffd2be87ad30dd1622abf63a90ba829";

    [Fact]
    public void Matches_what_Node_computes() => Assert.Equal(Expected, WebhookSignature.Sign(Secret, Encoding.UTF8.GetBytes(Body)));

    [Fact]
    public void Verifies_its_own_signature() => Assert.True(WebhookSignature.Verify(Secret, Encoding.UTF8.GetBytes(Body), Expected));

    [Fact]
    public void Refuses_any_flipped_byte_of_the_body()
    {
        var body = Encoding.UTF8.GetBytes(Body);
        for (var i = 0; i < body.Length; i++)
        {
            body[i] ^= 1;
            Assert.False(WebhookSignature.Verify(Secret, body, Expected));
            body[i] ^= 1;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=53227700bf1d9d436fdfae6482f386949ffd2be87ad30dd1622abf63a90ba829")]
    [InlineData("53227700bf1d9d436fdfae6482f386949ffd2be87ad30dd1622abf63a90ba8290")]
    [InlineData("é")]
    public void Refuses_any_other_header(string? header) =>
        Assert.False(WebhookSignature.Verify(Secret, Encoding.UTF8.GetBytes(Body), header));

    [Fact]
    public void Refuses_upper_case_because_there_is_one_form() =>
        Assert.False(WebhookSignature.Verify(Secret, Encoding.UTF8.GetBytes(Body), Expected.ToUpperInvariant()));

    [Fact]
    public void Verifies_any_body_under_its_own_secret_and_no_other() => Prop.ForAll<byte[], NonEmptyString>((body, other) =>
    {
        var header = WebhookSignature.Sign(Secret, body);
        return header.Length == 64
            && WebhookSignature.Verify(Secret, body, header)
            && !WebhookSignature.Verify(Secret + other.Get, body, header)
            && !WebhookSignature.Verify(Secret, [.. body, 0], header);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Is_keyed_with_the_whole_text_of_the_secret() =>
        Assert.False(WebhookSignature.Verify(Secret["whsec_".Length..], Encoding.UTF8.GetBytes(Body), Expected));
}
