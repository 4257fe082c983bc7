using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.OAuth;
using Vorel.Fakes.OAuth;

namespace Vorel.Core.Tests.Crm.OAuth;

public sealed class ClientCredentialsTests
{
    [Fact]
    public async Task Athenahealth_gives_a_token_for_an_hour_that_it_spells_as_a_text()
    {
        await using var fake = await Start(new FakeAthenahealthTokens());
        using var stage = new TokenStage(OAuthApps.None, TimeProvider.System, ("https://api.preview.platform.athenahealth.com", fake.Address));

        var grant = await stage.Renew("athenahealth", Entered(fake, "preview"));

        Assert.Contains(grant.AccessToken, fake.Secrets);
        Assert.Equal(TimeSpan.FromHours(1), grant.Lifetime);
        Assert.Equal(["athena/service/Athenanet.MDP.*"], grant.Scopes);
        Assert.Null(grant.RefreshToken);
    }

    [Fact]
    public async Task Tekmetric_gives_a_token_without_an_end_and_names_its_shops_where_others_name_scopes()
    {
        await using var fake = await Start(new FakeTekmetricTokens());
        using var stage = new TokenStage(OAuthApps.None, TimeProvider.System, ("https://shop.tekmetric.com", fake.Address));

        var grant = await stage.Renew("tekmetric", Entered(fake, "production"));

        Assert.Contains(grant.AccessToken, fake.Secrets);
        Assert.Null(grant.Lifetime);
        Assert.Null(grant.Scopes);
        Assert.Equal("4173 4174", grant.Others["shop_ids"]);
    }

    [Fact]
    public async Task Toast_gives_a_token_for_a_day_in_its_own_words()
    {
        await using var fake = await Start(new FakeToastTokens());
        using var stage = new TokenStage(OAuthApps.None, TimeProvider.System, ("https://ws-api.toasttab.com", fake.Address));

        var grant = await stage.Renew("toast", Entered(fake, "production"));

        Assert.Contains(grant.AccessToken, fake.Secrets);
        Assert.Equal(TimeSpan.FromDays(1), grant.Lifetime);
        Assert.Null(grant.Scopes);
    }

    [Theory]
    [InlineData("athenahealth", "https://api.platform.athenahealth.com")]
    [InlineData("tekmetric", "https://shop.tekmetric.com")]
    [InlineData("toast", "https://ws-api.toasttab.com")]
    public async Task A_client_that_is_not_accepted_is_an_auth_error(string provider, string origin)
    {
        await using FakeTokens fake = await Start(provider switch
        {
            "toast" => (FakeTokens)new FakeToastTokens(),
            "tekmetric" => new FakeTekmetricTokens(),
            _ => new FakeAthenahealthTokens(),
        });
        using var stage = new TokenStage(OAuthApps.None, TimeProvider.System, (origin, fake.Address));
        var entered = Entered(fake, "production");
        entered["client_secret"] = "another-secret";

        var failure = await Assert.ThrowsAsync<CrmException>(() => stage.Renew(provider, entered));

        Assert.Equal((CrmErrorCode.AuthError, false), (failure.Code, failure.Retryable));
        Assert.DoesNotContain("another-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_that_there_is_not_and_a_key_that_is_used_as_it_is_are_never_exchanged()
    {
        await using var fake = await Start(new FakeTekmetricTokens());
        using var stage = new TokenStage(OAuthApps.None, TimeProvider.System, ("https://shop.tekmetric.com", fake.Address));
        var withKey = new JsonObject { ["shop_id"] = "4173", ["api_key"] = "a-static-key", ["environment"] = "production" };

        await Assert.ThrowsAsync<CrmException>(() => stage.Renew("tekmetric", Entered(fake, "https://evil.example")));
        await Assert.ThrowsAsync<CrmException>(() => stage.Renew("tekmetric", withKey));
        await Assert.ThrowsAsync<CrmException>(() => stage.Renew("mindbody", Entered(fake, "production")));

        Assert.Empty(fake.Calls);
    }

    private static async Task<T> Start<T>(T fake)
        where T : FakeTokens
    {
        await fake.Start();
        return fake;
    }

    private static JsonObject Entered(FakeTokens fake, string environment) =>
        new() { ["client_id"] = fake.Client.Id, ["client_secret"] = fake.Client.Secret, ["environment"] = environment };
}
