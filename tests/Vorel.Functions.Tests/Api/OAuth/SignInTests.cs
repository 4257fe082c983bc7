using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.OAuth;

public sealed class SignInTests
{
    [Theory]
    [InlineData("https://vorel.example/", "__Host-vorel-oauth", true)]
    [InlineData("http://127.0.0.1:7071/", "vorel-oauth", false)]
    public async Task HubSpot_is_connected_by_whoever_signs_in_with_the_operators_link(string publicAddress, string cookie, bool isSecure)
    {
        await using var stage = await SignInStage.Start(publicAddress);
        var tenant = await stage.Api.Tenant();
        using var browser = stage.NewBrowser();

        var callback = await SignInStage.SignIn(browser, await stage.Link(tenant));
        Assert.Equal([cookie], browser.Cookies.Keys);
        Assert.Equal(isSecure, browser.LastCookie!.Contains("; secure", StringComparison.Ordinal));
        Assert.Contains("; samesite=lax; httponly", browser.LastCookie, StringComparison.Ordinal);
        var page = await browser.Open(callback);

        Assert.Equal(200, page.Status);
        Assert.Contains("HubSpot is connected", page.Text, StringComparison.Ordinal);
        Assert.Empty(browser.Cookies);
        var crm = await stage.Api.Operator.Get($"/api/tenant/{tenant}/crm");
        Assert.Equal(("hubspot", "active"), (crm.Text("provider"), crm.Text("status")));
        Assert.Equal((1, 1), (stage.Exchanges, stage.HubSpot.Count("POST /oauth/v3/token/introspect")));
        AssertNothingSecret(stage, page, callback);
    }

    [Fact]
    public async Task An_archive_is_connected_by_a_link_of_its_own()
    {
        await using var stage = await SignInStage.Start();
        var tenant = await stage.Api.Tenant();
        using var browser = stage.NewBrowser();

        await browser.Open(await SignInStage.SignIn(browser, await stage.Link(tenant, "crm/archive/oauth")));

        var crm = await stage.Api.Operator.Get($"/api/tenant/{tenant}/crm");
        Assert.Equal("hubspot", crm.Json["archive"]!["provider"]!.GetValue<string>());
        Assert.Null(crm.Json["provider"]);
    }

    [Fact]
    public async Task A_scope_that_was_not_granted_is_named_on_the_page_and_to_the_operator()
    {
        await using var stage = await SignInStage.Start();
        stage.HubSpot.App.Withheld.Add("tickets");
        var tenant = await stage.Api.Tenant();
        using var browser = stage.NewBrowser();

        var page = await browser.Open(await SignInStage.SignIn(browser, await stage.Link(tenant)));

        Assert.Equal(200, page.Status);
        Assert.Contains("HubSpot is not in use yet", page.Text, StringComparison.Ordinal);
        Assert.Contains("tickets", page.Text, StringComparison.Ordinal);
        Assert.Equal("pending", (await stage.Api.Operator.Get($"/api/tenant/{tenant}/crm")).Text("status"));
    }

    [Fact]
    public async Task Who_says_no_on_HubSpots_page_is_told_so_and_nothing_is_connected()
    {
        await using var stage = await SignInStage.Start();
        var tenant = await stage.Api.Tenant();
        using var browser = stage.NewBrowser();

        var page = await browser.Open(await SignInStage.SignIn(browser, await stage.Link(tenant), "cancel"));

        Assert.Equal(400, page.Status);
        Assert.Contains("Access was not granted", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("The user refused the connection", page.Text, StringComparison.Ordinal);
        Assert.Equal("disconnected", (await stage.Api.Operator.Get($"/api/tenant/{tenant}/crm")).Text("status"));
        Assert.Equal(0, stage.Exchanges);
    }

    [Fact]
    public async Task A_link_is_made_for_ten_minutes_and_only_for_what_can_be_signed_in_to()
    {
        await using var stage = await SignInStage.Start();
        var path = $"/api/tenant/{await stage.Api.Tenant()}/crm/oauth";

        var link = await stage.Api.Operator.Post(path, """{"provider":"hubspot"}""");
        var noApp = await stage.Api.Operator.Post(path, """{"provider":"zoho"}""");
        var noEnvironment = await stage.Api.Operator.Post(path, """{"provider":"hubspot","environment":"sandbox"}""");
        var form = await stage.Api.Operator.Post(path, """{"provider":"mindbody"}""");

        Assert.Matches("^https://vorel\\.example/oauth/hubspot/start\\?ticket=[A-Za-z0-9_-]{43}$", link.Text("url"));
        Assert.InRange(DateTimeOffset.Parse(link.Text("expires_at"), null) - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.All([noApp, noEnvironment, form], answer => Assert.Equal((400, "validation_error"), (answer.Status, answer.Code)));
    }

    private static void AssertNothingSecret(SignInStage stage, Page page, string callback)
    {
        string[] shown = [SignInStage.Parameter(callback, "code"), SignInStage.Parameter(callback, "state")];
        var secrets = stage.HubSpot.Tokens.Secrets.Append(stage.HubSpot.App.ClientSecret).Concat(shown).ToList();
        Assert.True(secrets.Count >= 5);
        var rows = stage.Api.Dump();
        var log = string.Concat(stage.Log.Printed);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, rows, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(secret)), rows, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, page.Text, StringComparison.Ordinal);
        }
    }
}
