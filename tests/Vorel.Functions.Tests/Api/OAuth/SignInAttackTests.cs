using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Storage;
using Vorel.Fakes.HubSpot;
using Vorel.Functions.Tests.Support;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Api.OAuth;

[Trait("Area", "hostile")]
public sealed class SignInAttackTests
{
    private const string Canary = "c4n4ry-7f3a9";
    private const string Markup = Canary + "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";
    private static readonly Task<SignInStage> s_stage = SignInStage.Start();

    /// <summary>What comes to the two addresses and is nobody's sign-in.</summary>
    public static TheoryData<string> Nobodys =>
    [
        "/oauth/hubspot/start",
        "/oauth/hubspot/start?ticket=",
        "/oauth/hubspot/start?ticket=" + Canary,
        "/oauth/hubspot/start?ticket=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "/oauth/hubspot/start?ticket=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&ticket=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "/oauth/opentable/start?ticket=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "/oauth/hubspot/start?ticket=" + Uri.EscapeDataString(Markup),
        "/oauth/hubspot/start?returnTo=https://evil.example&redirect_uri=https://evil.example&next=//evil.example",
        "/oauth/hubspot/callback",
        "/oauth/hubspot/callback?code=" + Canary,
        "/oauth/hubspot/callback?state=" + Canary + "&code=" + Canary,
        "/oauth/hubspot/callback?error=access_denied&error_description=" + Canary,
        "/oauth/hubspot/callback?error=" + Uri.EscapeDataString(Markup) + "&error_description=" + Uri.EscapeDataString(Markup) + "&error_uri=https://evil.example",
        "/oauth/hubspot/callback?state=" + Uri.EscapeDataString(Markup) + "&code=" + Uri.EscapeDataString(Markup),
        "/oauth/hubspot/callback?state[]=x&state=%00&code=%ff",
        "/oauth/zoho/callback?state=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&code=c&location=" + Canary + "&accounts-server=https://evil.example/" + Canary,
        "/oauth/" + Uri.EscapeDataString(Markup) + "/callback?state=x&code=y",
        "/oauth/..%2f..%2fapi/callback?state=x&code=y",
    ];

    [Theory]
    [MemberData(nameof(Nobodys))]
    public async Task Who_shows_nothing_of_ours_sees_one_plain_page_and_asks_nobody(string address)
    {
        var stage = await s_stage;
        using var browser = stage.NewBrowser();
        var (before, requests) = (stage.Api.Dump(), stage.HubSpot.Requests.Count);

        var page = await browser.Open(address);

        AssertPage(page, 400);
        Assert.Contains(address.Contains("/start", StringComparison.Ordinal) ? "This link cannot be used" : "This sign-in cannot be finished", page.Text, StringComparison.Ordinal);
        Assert.Empty(browser.Cookies);
        Assert.Equal((before, requests), (stage.Api.Dump(), stage.HubSpot.Requests.Count));
        Assert.DoesNotContain(Canary, string.Concat(stage.Log.Printed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_back_is_good_once_in_one_browser_at_one_address()
    {
        await using var stage = await SignInStage.Start();
        var tenant = await stage.Api.Tenant();
        using var own = stage.NewBrowser();
        using var other = stage.NewBrowser();
        var callback = await SignInStage.SignIn(own, await stage.Link(tenant));
        var stolen = await SignInStage.SignIn(other, await stage.Link(tenant));

        // Somebody else's callback in this browser, with this browser's cookie: a forced sign-in.
        AssertPage(await own.Open(stolen), 400);
        AssertPage(await other.Open(stolen), 400);
        AssertPage(await stage.NewBrowser().Open(callback), 400);
        AssertPage(await own.Open(callback), 400);
        Assert.Equal(0, stage.Exchanges);

        var last = await SignInStage.SignIn(own, await stage.Link(tenant));
        AssertPage(await own.Open(last.Replace("/hubspot/", "/salesforce/", StringComparison.Ordinal)), 400);
        AssertPage(await own.Open(last), 400);
        Assert.Equal(0, stage.Exchanges);
        Assert.Equal("disconnected", (await stage.Api.Operator.Get($"/api/tenant/{tenant}/crm")).Text("status"));
    }

    [Fact]
    public async Task Of_ten_callbacks_and_ten_openings_of_a_link_at_once_one_wins()
    {
        await using var stage = await SignInStage.Start();
        var link = await stage.Link(await stage.Api.Tenant());
        var browsers = Enumerable.Range(0, 10).Select(_ => stage.NewBrowser()).ToList();

        var opened = await Task.WhenAll(browsers.Select(browser => browser.Open(link)));
        var winner = browsers[opened.Index().Single(page => page.Item.Status == 302).Index];
        using var visitor = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var callback = (await HubSpotVisitor.Decide(visitor, opened.Single(page => page.Status == 302).Location)).AbsoluteUri;
        var returned = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => winner.Open(callback)));

        Assert.Single(returned, page => page.Status == 200);
        Assert.Equal(1, stage.Exchanges);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Theory]
    [InlineData("&state=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData("&code=another")]
    [InlineData("&error=access_denied")]
    public async Task A_member_that_is_added_or_doubled_ends_the_sign_in(string added)
    {
        await using var stage = await SignInStage.Start();
        using var browser = stage.NewBrowser();
        var callback = await SignInStage.SignIn(browser, await stage.Link(await stage.Api.Tenant()));

        AssertPage(await browser.Open(callback + added), 400);

        Assert.Equal(0, stage.Exchanges);
    }

    [Fact]
    public async Task A_code_of_100_kB_is_no_request_that_anybody_answers_at_length()
    {
        await using var stage = await SignInStage.Start();
        using var browser = stage.NewBrowser();
        var callback = await SignInStage.SignIn(browser, await stage.Link(await stage.Api.Tenant()));
        var longest = callback.Replace(SignInStage.Parameter(callback, "code"), new string('a', 5_000), StringComparison.Ordinal);
        var endless = callback.Replace(SignInStage.Parameter(callback, "code"), new string('a', 100_000), StringComparison.Ordinal);

        Assert.Equal((414, ""), await browser.Open(endless) is var refused ? (refused.Status, refused.Text) : default);
        AssertPage(await browser.Open(longest), 400);

        Assert.Equal(0, stage.Exchanges);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Another_method_spends_nothing(string method)
    {
        await using var stage = await SignInStage.Start();
        using var browser = stage.NewBrowser();
        var link = await stage.Link(await stage.Api.Tenant());

        Assert.Equal(405, (await browser.Open(link, new HttpMethod(method))).Status);
        var callback = await SignInStage.SignIn(browser, link);
        Assert.Equal(405, (await browser.Open(callback, new HttpMethod(method))).Status);

        Assert.Equal(200, (await browser.Open(callback)).Status);
    }

    [Fact]
    public async Task A_token_endpoint_that_misbehaves_is_told_in_our_words()
    {
        await using var stage = await SignInStage.Start();
        HubSpotFault[] faults =
        [
            (HubSpotFault.Page(502) with { Body = Markup }).On("POST /oauth/v1/token"),
            (HubSpotFault.Page(200) with { Body = Markup }).On("POST /oauth/v1/token"),
            HubSpotFault.Reset.On("POST /oauth/v1/token"),
            HubSpotFault.LoseAnswer.On("POST /oauth/v1/token"),
            HubSpotFault.Answer(500).On("POST /oauth/v3/token/introspect"),
            HubSpotFault.Answer(401).On("GET /account-info/v3/details"),
        ];
        foreach (var fault in faults)
        {
            using var browser = stage.NewBrowser();
            var tenant = await stage.Api.Tenant();
            var callback = await SignInStage.SignIn(browser, await stage.Link(tenant));
            stage.HubSpot.Faults.Enqueue(fault);

            AssertPage(await browser.Open(callback), 502);
            AssertPage(await browser.Open(callback), 400);
            Assert.Equal("disconnected", (await stage.Api.Operator.Get($"/api/tenant/{tenant}/crm")).Text("status"));
        }

        var log = string.Concat(stage.Log.Printed);
        Assert.DoesNotContain(Canary, log, StringComparison.Ordinal);
        Assert.All(stage.HubSpot.Tokens.Secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Storage_that_is_away_is_a_page_too_and_tells_nothing()
    {
        FaultyStore? store = null;
        await using var stage = await SignInStage.Start(replace: services =>
        {
            var inner = (IRowStore)services.Last(service => service.ServiceType == typeof(IRowStore)).ImplementationInstance!;
            store = new FaultyStore(inner);
            services.AddSingleton<IRowStore>(store);
        });
        using var browser = stage.NewBrowser();
        var callback = await SignInStage.SignIn(browser, await stage.Link(await stage.Api.Tenant()));
        store!.Before = (_, table, _) => throw new StoreUnavailableException($"Table {table} did not answer: {Canary}");

        AssertPage(await browser.Open(callback), 503);
        store.Before = (_, _, _) => throw new InvalidOperationException(Canary);
        AssertPage(await browser.Open(callback), 500);

        Assert.Equal(0, stage.Exchanges);
        Assert.DoesNotContain(SignInStage.Parameter(callback, "state"), string.Concat(stage.Log.Printed), StringComparison.Ordinal);
    }

    /// <summary>One plain page: no script, no frame, nothing loaded, nothing kept, nothing of what was sent.</summary>
    private static void AssertPage(Page page, int status)
    {
        Assert.True(page.Status == status, $"{page.Status} {page.Text}");
        Assert.Equal("text/html; charset=utf-8", page.ContentType);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.EndsWith("; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(("no-referrer", "DENY", "nosniff", "no-store"), (page.Header("Referrer-Policy"), page.Header("X-Frame-Options"), page.Header("X-Content-Type-Options"), page.Header("Cache-Control")));
        Assert.False(page.Headers.Contains("Location"));
        Assert.DoesNotContain(Canary, page.Text + page.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(page.Text.Length, 200, 2_000);
    }
}
