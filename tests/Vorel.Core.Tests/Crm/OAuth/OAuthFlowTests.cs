using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Errors;

namespace Vorel.Core.Tests.Crm.OAuth;

public sealed class OAuthFlowTests
{
    [Fact]
    public async Task Salesforce_is_signed_in_to_with_PKCE_and_pinned_to_the_instance_it_names()
    {
        await using var stage = await OAuthStage.Start();

        var arrival = await stage.Flow.Arrive("salesforce", await stage.Bring("salesforce"), default);

        Assert.Equal("salesforce", arrival.Provider.Slug);
        var (tenant, role, provider, credentials, actor) = Assert.Single(stage.Connected);
        Assert.Equal((stage.Tenant, CrmRole.Main, "salesforce", OAuthStage.Operator), (tenant, role, provider, actor));
        Assert.Contains(credentials["refresh_token"]!.ToString(), stage.Salesforce.Secrets);
        Assert.Contains(stage.Salesforce.Secrets, secret => credentials["access_token"]!.ToString().EndsWith(secret, StringComparison.Ordinal));
        Assert.Equal("00D5j000000AbCdEAK", credentials["account"]!.ToString());
        Assert.Equal("https://skyline.my.salesforce.com", credentials["api_url"]!.ToString());
        Assert.Equal("https://login.salesforce.com", credentials["accounts_url"]!.ToString());
        Assert.Equal(["refresh_token", "api"], credentials["scopes"]!.AsArray().Select(scope => scope!.ToString()));
        Assert.False(credentials.ContainsKey("expires_at"));
        Assert.Equal(["oauth.started", "oauth.completed"], stage.Audited);
        Assert.Equal(0, stage.Kept);
    }

    [Fact]
    public async Task Zoho_is_asked_for_tokens_at_the_data_centre_that_it_sends_back_and_nowhere_else()
    {
        await using var stage = await OAuthStage.Start();

        await stage.Flow.Arrive("zoho", await stage.Bring("zoho"), default);

        var (_, _, _, credentials, _) = Assert.Single(stage.Connected);
        Assert.Equal("https://accounts.zoho.eu", credentials["accounts_url"]!.ToString());
        Assert.Equal("https://www.zohoapis.eu", credentials["api_url"]!.ToString());
        Assert.Equal("20062345678", credentials["account"]!.ToString());
        Assert.Equal(["GET /oauth/v2/auth", "POST /oauth/v2/token", "GET /crm/v8/org"], stage.Zoho.Calls);
    }

    [Fact]
    public async Task A_sandbox_is_signed_in_to_where_sandboxes_are()
    {
        await using var stage = await OAuthStage.Start();

        var departure = await stage.Depart("salesforce", environment: "sandbox");

        Assert.Equal("test.salesforce.com", departure.Address.Host);
    }

    [Fact]
    public async Task The_page_is_asked_with_what_is_needed_and_nothing_secret()
    {
        await using var stage = await OAuthStage.Start();

        var departure = await stage.Depart("salesforce", CrmRole.Archive);
        var query = QueryHelpers.ParseQuery(departure.Address.Query);

        Assert.Equal(
            ["client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "scope", "state"], query.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("https://vorel.example/oauth/salesforce/callback", query["redirect_uri"]);
        Assert.DoesNotContain(stage.Salesforce.Client.Secret, departure.Address.AbsoluteUri, StringComparison.Ordinal);
        Assert.DoesNotContain(departure.Cookie, departure.Address.AbsoluteUri, StringComparison.Ordinal);
        Assert.DoesNotContain(query["state"].ToString(), $"{departure} {new OAuthReturn(query["state"], departure.Cookie)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mindbody", null, "/provider")]
    [InlineData("opentable", null, "/provider")]
    [InlineData("", null, "/provider")]
    [InlineData("hubspot", null, "/provider")]
    [InlineData("salesforce", "moon", "/environment")]
    [InlineData("zoho", "eu", "/environment")]
    public async Task A_link_is_made_only_for_what_can_be_signed_in_to(string provider, string? environment, string pointer)
    {
        await using var stage = await OAuthStage.Start();

        var refused = await Assert.ThrowsAsync<ValidationException>(() => stage.Flow.Invite(stage.Tenant, CrmRole.Main, provider, environment, OAuthStage.Operator, default));

        Assert.Equal(pointer, Assert.Single(refused.Errors).Pointer);
        Assert.Empty(stage.Store.Inner.Dump());
    }

    [Fact]
    public async Task What_is_stored_on_the_way_opens_nothing()
    {
        await using var stage = await OAuthStage.Start();
        var link = await stage.Flow.Invite(stage.Tenant, CrmRole.Main, "salesforce", null, OAuthStage.Operator, default);
        var before = Dump(stage);
        var departure = await stage.Flow.Depart("salesforce", link.Ticket, default);
        var during = Dump(stage);

        Assert.DoesNotContain(link.Ticket, before, StringComparison.Ordinal);
        Assert.DoesNotContain(departure.Cookie, during, StringComparison.Ordinal);
        Assert.DoesNotContain(QueryHelpers.ParseQuery(departure.Address.Query)["state"].ToString(), during, StringComparison.Ordinal);
        Assert.Equal(1, stage.Kept);
    }

    [Fact]
    public async Task A_sign_in_that_begins_before_midnight_ends_after_it()
    {
        await using var stage = await OAuthStage.Start();
        var today = new DateTimeOffset(stage.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        stage.Clock.Advance(today.AddDays(1).AddMinutes(-4) - stage.Clock.GetUtcNow());
        var link = await stage.Flow.Invite(stage.Tenant, CrmRole.Main, "salesforce", null, OAuthStage.Operator, default);
        stage.Clock.Advance(TimeSpan.FromMinutes(3));
        var brought = await stage.SignIn(await stage.Flow.Depart("salesforce", link.Ticket, default));
        stage.Clock.Advance(TimeSpan.FromMinutes(9));

        await stage.Flow.Arrive("salesforce", brought, default);

        Assert.Single(stage.Connected);
        Assert.Equal(0, stage.Kept);
    }

    private static string Dump(OAuthStage stage) => string.Join('\n', stage.Store.Inner.Dump().Select(row =>
        $"{row.Table}|{row.Partition}|{row.Row.Key}|" + string.Join('|', row.Row.Columns.Select(column =>
            column.Value is byte[] bytes ? $"{Convert.ToBase64String(bytes)} {Convert.ToHexString(bytes)} {System.Text.Encoding.UTF8.GetString(bytes)}" : $"{column.Value}"))));
}
