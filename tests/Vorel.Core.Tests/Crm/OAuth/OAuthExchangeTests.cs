using Vorel.Core.Crm.OAuth;
using Vorel.Fakes;

namespace Vorel.Core.Tests.Crm.OAuth;

/// <summary>The last step of a sign-in, with a token endpoint that fails or gives too little.</summary>
[Trait("Area", "hostile")]
public sealed class OAuthExchangeTests
{
    [Theory]
    [InlineData(FakeFault.Garbage)]
    [InlineData(FakeFault.Reset)]
    [InlineData(FakeFault.ServerError)]
    [InlineData(FakeFault.RateLimited)]
    public async Task An_exchange_that_fails_connects_nothing_and_tells_nothing(FakeFault fault)
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");
        stage.Salesforce.Fault = fault;

        var refused = await Assert.ThrowsAsync<OAuthRefusedException>(() => stage.Flow.Arrive("salesforce", brought, default));

        Assert.Equal(OAuthRefusal.Exchange, refused.Refusal);
        Assert.All(
            new[] { brought.Code!, brought.State!, brought.Cookie!, stage.Salesforce.Client.Secret }, secret => Assert.DoesNotContain(secret, refused.ToString(), StringComparison.Ordinal));
        Assert.Empty(stage.Connected);
        Assert.Equal(0, stage.Kept);
    }

    [Theory]
    [InlineData("""{"access_token":"t","instance_url":"https://skyline.my.salesforce.com","id":"https://login.salesforce.com/id/00D5j000000AbCdEAK/0055j000000XyZ1AAK"}""")]
    [InlineData("""{"access_token":"t","refresh_token":"r","instance_url":"https://skyline.my.salesforce.com"}""")]
    [InlineData("""{"access_token":"t","refresh_token":"r","instance_url":"https://skyline.my.salesforce.com","id":"https://login.salesforce.com/id/../../0055"}""")]
    public async Task A_grant_that_does_not_last_or_is_nobodys_connects_nothing(string grant)
    {
        await using var stage = await OAuthStage.Start();
        var brought = await stage.Bring("salesforce");
        stage.Salesforce.Scripted = (200, "application/json", grant);

        var refused = await Assert.ThrowsAsync<OAuthRefusedException>(() => stage.Flow.Arrive("salesforce", brought, default));

        Assert.Equal(OAuthRefusal.Incomplete, refused.Refusal);
        Assert.Empty(stage.Connected);
    }
}
