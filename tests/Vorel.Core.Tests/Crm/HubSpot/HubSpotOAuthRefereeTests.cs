using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Vorel.Fakes.HubSpot;

namespace Vorel.Core.Tests.Crm.HubSpot;

/// <summary>The pages and the token endpoints: HubSpot's client has no proof keys, so the pages and those are asked directly.</summary>
public sealed class HubSpotOAuthRefereeTests(HubSpotReferee referee) : IClassFixture<HubSpotReferee>, IAsyncLifetime
{
    private const string Callback = "http://127.0.0.1:7071/oauth/hubspot/callback?fixed=1";
    private const string Verifier = "0123456789012345678901234567890123456789-_.~abc";

    private static readonly string s_challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private FakeHubSpot HubSpot => referee.HubSpot;

    public async Task InitializeAsync()
    {
        await referee.Renew();
        HubSpot.App.RedirectUris.Add(Callback);
    }

    public Task DisposeAsync()
    {
        _browser.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Somebody_allows_the_app_and_the_client_gets_its_tokens()
    {
        var back = await HubSpotVisitor.Decide(_browser, Page());
        var query = QueryHelpers.ParseQuery(back.Query);
        Assert.StartsWith(Callback + "&code=", back.ToString(), StringComparison.Ordinal);
        Assert.Equal("s&t=a e", query["state"]);

        var tokens = await Exchange(query["code"]!);
        Assert.Equal((1800, "bearer"), (tokens["expiresIn"]!.GetValue<int>(), tokens["tokenType"]!.GetValue<string>()));
        var info = await referee.Call("oauth.accessTokensApi.get", tokens["accessToken"]!.GetValue<string>());
        Assert.Equal((HubSpot.Portal.Id, 1800), (info!["hubId"]!.GetValue<long>(), info["expiresIn"]!.GetValue<int>()));
        Assert.Equal(["tickets", "oauth"], info["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        var refresh = await referee.Call("oauth.refreshTokensApi.get", tokens["refreshToken"]!.GetValue<string>());
        Assert.Equal(HubSpot.App.ClientId, refresh!["clientId"]!.GetValue<string>());
        Assert.DoesNotContain(HubSpot.Requests, request => HubSpot.Tokens.Secrets.Any(secret => request.ToString().Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Somebody_who_refuses_is_sent_back_without_a_code()
    {
        var back = QueryHelpers.ParseQuery((await HubSpotVisitor.Decide(_browser, Page(), "cancel")).Query);

        Assert.Equal(("access_denied", "s&t=a e", false), (back["error"].ToString(), back["state"].ToString(), back.ContainsKey("code")));
    }

    [Theory]
    [InlineData("client_id", "other", "client ID")]
    [InlineData("redirect_uri", "http://127.0.0.1:7071/oauth/hubspot/callback", "Redirect URL")]
    [InlineData("scope", "tickets crm.objects.everything", "crm.objects.everything")]
    [InlineData("scope", "", "scope is required")]
    [InlineData("code_challenge", "short", "challenge")]
    [InlineData("code_challenge_method", "plain", "S256")]
    [InlineData("prompt", "consent", "prompt")]
    public async Task A_page_that_is_asked_for_wrongly_has_no_form(string parameter, string value, string named)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => HubSpotVisitor.Decide(
            _browser, Page([("code_challenge", s_challenge), ("code_challenge_method", "S256"), (parameter, value)])));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var code = await Code();
        await Exchange(code);

        Assert.Equal("BAD_AUTH_CODE", await RefusedExchange(code));
    }

    [Fact]
    public async Task A_code_is_good_for_a_minute()
    {
        var code = await Code();
        referee.Clock.Advance(HubSpotTokens.CodeLife);

        Assert.Equal("EXPIRED_AUTH_CODE", await RefusedExchange(code));
    }

    [Fact]
    public async Task A_code_is_bound_to_its_redirect_address()
    {
        Assert.Equal("BAD_REDIRECT_URI", await RefusedExchange(await Code(), redirect: "http://127.0.0.1:7071/other"));
    }

    [Fact]
    public async Task A_code_without_a_challenge_takes_no_verifier_and_one_with_it_only_the_right_one()
    {
        (string, string)[] asked = [("code_challenge", s_challenge), ("code_challenge_method", "S256")];

        Assert.Equal(400, await ExchangeStatus(await Code(), Verifier));
        Assert.Equal(400, await ExchangeStatus(await Code(asked), verifier: null));
        Assert.Equal(400, await ExchangeStatus(await Code(asked), Verifier + "x"));
        Assert.Equal(200, await ExchangeStatus(await Code(asked), Verifier));
    }

    [Fact]
    public async Task A_refresh_token_lives_on_where_it_does_not_rotate()
    {
        var tokens = await Exchange(await Code());

        var second = await Refresh(tokens["refreshToken"]!.GetValue<string>());

        Assert.Equal(tokens["refreshToken"]!.GetValue<string>(), second["refreshToken"]!.GetValue<string>());
        Assert.NotEqual(tokens["accessToken"]!.GetValue<string>(), second["accessToken"]!.GetValue<string>());
        Assert.Single(HubSpot.Refreshes);
    }

    [Fact]
    public async Task A_refresh_token_that_rotates_is_dead_at_once()
    {
        HubSpot.Tokens.RotatesRefreshTokens = true;
        var first = (await Exchange(await Code()))["refreshToken"]!.GetValue<string>();
        var second = (await Refresh(first))["refreshToken"]!.GetValue<string>();

        Assert.NotEqual(first, second);
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => Refresh(first));
        Assert.Equal((400, "BAD_REFRESH_TOKEN", "missing or unknown refresh token"), (refused.Status, refused.Category, refused.Message));
        await Refresh(second);
    }

    [Fact]
    public async Task A_refresh_token_that_is_revoked_refreshes_nothing()
    {
        var refresh = (await Exchange(await Code()))["refreshToken"]!.GetValue<string>();
        await referee.Call("oauth.refreshTokensApi.archive", refresh);

        Assert.Equal("BAD_REFRESH_TOKEN", (await Assert.ThrowsAsync<HubSpotRefereeException>(() => Refresh(refresh))).Category);
    }

    [Fact]
    public async Task Wrong_client_credentials_get_nothing_and_spend_nothing()
    {
        var code = await Code();

        Assert.Equal("BAD_CLIENT_SECRET", (await Assert.ThrowsAsync<HubSpotRefereeException>(() =>
            referee.Call("oauth.tokensApi.create", "authorization_code", code, Callback, HubSpot.App.ClientId, "wrong"))).Category);
        Assert.Equal("BAD_CLIENT_ID", (await Assert.ThrowsAsync<HubSpotRefereeException>(() =>
            referee.Call("oauth.tokensApi.create", "authorization_code", code, Callback, "wrong", HubSpot.App.ClientSecret))).Category);
        await Exchange(code);
    }

    [Fact]
    public async Task An_access_token_is_over_after_half_an_hour_and_says_so()
    {
        var token = (await Exchange(await Code()))["accessToken"]!.GetValue<string>();
        referee.Clock.Advance(HubSpotTokens.AccessLife + TimeSpan.FromSeconds(3));

        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.CallAs(token, "crm.tickets.basicApi.getPage"));

        Assert.Equal((401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired 3 second(s) ago."), (refused.Status, refused.Category, refused.Message));
    }

    [Fact]
    public async Task A_token_that_nobody_gave_out_is_told_from_one_that_is_over()
    {
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.CallAs("made-up", "crm.tickets.basicApi.getPage"));

        Assert.Equal((401, "INVALID_AUTHENTICATION"), (refused.Status, refused.Category));
    }

    [Fact]
    public async Task A_scope_that_was_withheld_is_missed_where_it_is_needed()
    {
        HubSpot.App.Withheld.Add("tickets");
        var token = (await Exchange(await Code(("scope", "tickets crm.objects.contacts.read"))))["accessToken"]!.GetValue<string>();

        await referee.CallAs(token, "crm.contacts.basicApi.getPage");
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => referee.CallAs(token, "crm.tickets.basicApi.getPage"));

        Assert.Equal((403, "MISSING_SCOPES"), (refused.Status, refused.Category));
    }

    [Fact]
    public async Task Tokens_of_the_third_version_tell_whose_they_are_and_are_asked_for_by_forms()
    {
        var (status, tokens) = await Post("/oauth/v3/token", ("grant_type", "authorization_code"), ("code", await Code()), ("redirect_uri", Callback));
        Assert.Equal((200, HubSpot.Portal.Id), (status, tokens!["hub_id"]!.GetValue<long>()));
        var (access, refresh) = (tokens["access_token"]!.GetValue<string>(), tokens["refresh_token"]!.GetValue<string>());

        Assert.Equal(["tickets", "oauth"], (await Post("/oauth/v3/token/introspect", ("token", access), ("token_type_hint", "access_token"))).Body!["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        Assert.Equal(204, (await Post("/oauth/2026-03/token/revoke", ("token", refresh))).Status);
        Assert.False((await Post("/oauth/v3/token/introspect", ("token", refresh))).Body!["active"]!.GetValue<bool>());
        referee.Clock.Advance(HubSpotTokens.AccessLife);
        Assert.False((await Post("/oauth/v3/token/introspect", ("token", access))).Body!["active"]!.GetValue<bool>());
        Assert.Equal(400, (await Post("/oauth/v3/token", ("grant_type", "refresh_token"), ("refresh_token", refresh))).Status);
        Assert.Single(HubSpot.Refreshes);
    }

    private async Task<(int Status, JsonNode? Body)> Post(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Append(("client_id", HubSpot.App.ClientId)).Append(("client_secret", HubSpot.App.ClientSecret)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var answer = await _browser.PostAsync(new Uri(HubSpot.Address, path), form);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    private Uri Page(params (string Name, string Value)[] changes)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = HubSpot.App.ClientId,
            ["redirect_uri"] = Callback,
            ["scope"] = "tickets",
            ["state"] = "s&t=a e",
        };
        foreach (var (name, value) in changes)
        {
            query[name] = value;
        }

        return new Uri(QueryHelpers.AddQueryString(new Uri(HubSpot.Address, "/oauth/authorize").ToString(), query));
    }

    private async Task<string> Code(params (string, string)[] changes) =>
        QueryHelpers.ParseQuery((await HubSpotVisitor.Decide(_browser, Page(changes))).Query)["code"].ToString();

    private async Task<JsonNode> Exchange(string code, string redirect = Callback) =>
        (await referee.Call("oauth.tokensApi.create", "authorization_code", code, redirect, HubSpot.App.ClientId, HubSpot.App.ClientSecret))!;

    private async Task<string?> RefusedExchange(string code, string redirect = Callback)
    {
        var refused = await Assert.ThrowsAsync<HubSpotRefereeException>(() => Exchange(code, redirect));
        Assert.Equal(400, refused.Status);
        return refused.Category;
    }

    private async Task<JsonNode> Refresh(string token) =>
        (await referee.Call("oauth.tokensApi.create", "refresh_token", "", "", HubSpot.App.ClientId, HubSpot.App.ClientSecret, token))!;

    private async Task<int> ExchangeStatus(string code, string? verifier)
    {
        (string, string)[] fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback)];
        return (await Post("/oauth/v1/token", verifier is null ? fields : [.. fields, ("code_verifier", verifier)])).Status;
    }
}
