using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.OAuth;
using Vorel.Fakes;
using Vorel.Fakes.OAuth;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.OAuth;

public sealed class TokenEndpointTests : IAsyncLifetime
{
    private const string Spent = "1000.refresh-that-is-not-known";

    private readonly FakeZoho _fake = new();
    private readonly FakeTimeProvider _clock = new();
    private TokenStage _stage = null!;

    /// <summary>What a provider answers, and what that means.</summary>
    public static TheoryData<int, string, string, CrmErrorCode, bool> Answers => new()
    {
        { 400, "application/json", """{"error":"invalid_grant"}""", CrmErrorCode.RefreshFailed, false },
        { 400, "application/json;charset=UTF-8", """{"error":"invalid_grant","error_description":"expired access/refresh token"}""", CrmErrorCode.RefreshFailed, false },
        { 401, "application/json", """{"error":"invalid_grant"}""", CrmErrorCode.RefreshFailed, false },
        { 200, "application/json", """{"error":"invalid_code"}""", CrmErrorCode.RefreshFailed, false },
        { 400, "application/json", """{"status":"BAD_REFRESH_TOKEN","message":"missing or unknown refresh token"}""", CrmErrorCode.RefreshFailed, false },
        { 400, "application/json", """{"status":"BAD_AUTH_CODE"}""", CrmErrorCode.RefreshFailed, false },
        { 400, "application/json", """{"status":"EXPIRED_AUTH_CODE"}""", CrmErrorCode.RefreshFailed, false },
        { 400, "application/json", """{"error":"inactive_user"}""", CrmErrorCode.RefreshFailed, false },
        { 400, "application/json", """{"error":"inactive_org"}""", CrmErrorCode.RefreshFailed, false },
        { 401, "application/json", """{"error":"invalid_client"}""", CrmErrorCode.AuthError, false },
        { 200, "application/json", """{"error":"invalid_client"}""", CrmErrorCode.AuthError, false },
        { 400, "application/json", """{"status":"BAD_CLIENT_SECRET"}""", CrmErrorCode.AuthError, false },
        { 400, "application/json", """{"status":"BAD_REDIRECT_URI"}""", CrmErrorCode.AuthError, false },
        { 401, "text/html", "<html>who are you</html>", CrmErrorCode.AuthError, false },
        { 400, "application/json", """{"error":"Access Denied","error_description":"You have made too many requests continuously."}""", CrmErrorCode.RateLimited, true },
        { 429, "text/html", "<html>slow down</html>", CrmErrorCode.RateLimited, true },
        { 429, "application/json", """{"error":"invalid_grant"}""", CrmErrorCode.RateLimited, true },
        { 500, "application/json", """{"error":"invalid_grant"}""", CrmErrorCode.ProviderUnavailable, true },
        { 502, "text/html", "<html>bad gateway</html>", CrmErrorCode.ProviderUnavailable, true },
        { 503, "text/plain", "", CrmErrorCode.ProviderUnavailable, true },
        { 400, "application/json", """{"error":"something_new"}""", CrmErrorCode.ProviderError, true },
        { 302, "text/html", "", CrmErrorCode.ProviderError, true },
        { 200, "text/html", "<html>It works!</html>", CrmErrorCode.ProviderError, true },
        { 200, "text/html", """{"access_token":"t","token_type":"Bearer"}""", CrmErrorCode.ProviderError, true },
        { 200, "application/json", "", CrmErrorCode.ProviderError, true },
        { 200, "application/json", "null", CrmErrorCode.ProviderError, true },
        { 200, "application/json", "[]", CrmErrorCode.ProviderError, true },
        { 200, "application/json", "{", CrmErrorCode.ProviderError, true },
        { 200, "application/json", "{}", CrmErrorCode.ProviderError, true },
        { 200, "application/json", """{"access_token":""}""", CrmErrorCode.ProviderError, true },
        { 200, "application/json", """{"access_token":1}""", CrmErrorCode.ProviderError, true },
        { 200, "application/json", """{"access_token":["t"]}""", CrmErrorCode.ProviderError, true },
        { 200, "application/json", """{"access_token":"t\r\nX-Injected: 1"}""", CrmErrorCode.ProviderError, true },
        { 200, "application/json", """{"access_token":"\ud800"}""", CrmErrorCode.ProviderError, true },
        { 200, "application/json", """{"access_token":"t","token_type":"mac"}""", CrmErrorCode.ProviderError, true },
        { 200, "application/json", """{"access_token":"t","api_domain":"https://evil.example"}""", CrmErrorCode.ProviderError, false },
        { 200, "application/json", """{"access_token":"t","api_domain":"https://www.zohoapis.com"}""", CrmErrorCode.ProviderError, false },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_has_its_meaning_and_none_of_its_text_comes_out(int status, string type, string body, CrmErrorCode code, bool retryable)
    {
        _fake.Scripted = (status, type, body);

        var failure = await Failure();

        Assert.Equal((code, retryable), (failure.Code, failure.Retryable));
        Assert.DoesNotContain(Spent, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("html", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(_fake.Calls);
    }

    [Fact]
    public async Task A_refresh_token_gives_the_next_access_token_at_the_accounts_own_data_centre()
    {
        _fake.Scripted = (200, "application/json;charset=UTF-8", """{"access_token":"next","api_domain":"https://www.zohoapis.eu","token_type":"Bearer","expires_in":3600}""");

        var grant = await Renew();

        Assert.Equal(("next", null, TimeSpan.FromHours(1)), (grant.AccessToken, grant.RefreshToken, grant.Lifetime));
        Assert.Equal("https://www.zohoapis.eu", grant.Others["api_url"]);
        Assert.Null(grant.Scopes);
        Assert.DoesNotContain("next", grant.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"3600\"", 3600.0)]
    [InlineData("1799.9", 1799.9)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1e400", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("99999999999", null)]
    [InlineData("true", null)]
    public async Task A_life_is_believed_if_it_can_be_one(string expiresIn, double? seconds)
    {
        _fake.Scripted = (200, "application/json", $$"""{"access_token":"next","expires_in":{{expiresIn}}}""");

        Assert.Equal(seconds, (await Renew()).Lifetime?.TotalSeconds);
    }

    [Fact]
    public async Task What_asks_too_often_is_put_off_for_as_long_as_the_provider_says_or_ten_minutes()
    {
        _fake.IsThrottled = true;
        Assert.Equal(TimeSpan.FromMinutes(10), (await Failure()).RetryAfter);

        _fake.Fault = FakeFault.RateLimited;
        Assert.Equal(TimeSpan.FromSeconds(30), (await Failure()).RetryAfter);
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_not_read_to_the_end()
    {
        _fake.Scripted = (200, "application/json", $$"""{"access_token":"{{new string('a', 70_000)}}"}""");

        Assert.Equal((CrmErrorCode.ProviderError, true), (await Failure()) is var failure ? (failure.Code, failure.Retryable) : default);
    }

    [Theory]
    [InlineData(FakeFault.Reset)]
    [InlineData(FakeFault.ServerError)]
    public async Task A_provider_that_is_away_is_unavailable(FakeFault fault)
    {
        _fake.Fault = fault;

        var failure = await Failure();

        Assert.Equal((CrmErrorCode.ProviderUnavailable, true), (failure.Code, failure.Retryable));
        Assert.DoesNotContain(Spent, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_given_up_after_ten_seconds()
    {
        _fake.Fault = FakeFault.Hang;

        var call = Failure();
        await Eventually.True(() => _fake.Requests == 1, "the provider was called");
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((CrmErrorCode.ProviderUnavailable, true), await call is var failure ? (failure.Code, failure.Retryable) : default);
    }

    [Fact]
    public async Task A_data_centre_that_is_none_of_the_providers_is_never_called()
    {
        var tampered = Credentials();
        tampered["accounts_url"] = _fake.Address.GetLeftPart(UriPartial.Authority);

        var failure = await Assert.ThrowsAsync<CrmException>(() => _stage.Renew("zoho", tampered));

        Assert.Equal(CrmErrorCode.AuthError, failure.Code);
        Assert.Empty(_fake.Calls);
    }

    [Fact]
    public async Task Without_an_app_of_our_own_nothing_is_asked()
    {
        using var without = new TokenStage(OAuthApps.None, _clock, ("https://accounts.zoho.eu", _fake.Address));

        Assert.Equal(CrmErrorCode.AuthError, (await Assert.ThrowsAsync<CrmException>(() => without.Renew("zoho", Credentials()))).Code);
        Assert.Empty(_fake.Calls);
    }

    public async Task InitializeAsync()
    {
        await _fake.Start();
        _stage = new TokenStage(TokenStage.App("zoho", _fake), _clock, ("https://accounts.zoho.eu", _fake.Address));
    }

    public async Task DisposeAsync()
    {
        _stage.Dispose();
        await _fake.DisposeAsync();
    }

    private static JsonObject Credentials() => new() { ["refresh_token"] = Spent, ["accounts_url"] = "https://accounts.zoho.eu" };

    private Task<TokenGrant> Renew() => _stage.Renew("zoho", Credentials());

    private Task<CrmException> Failure() => Assert.ThrowsAsync<CrmException>(Renew);
}
