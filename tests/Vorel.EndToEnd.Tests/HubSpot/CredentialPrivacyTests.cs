using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.EndToEnd.Tests.Privacy;
using Vorel.Fakes.HubSpot;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.HubSpot;

/// <summary>After somebody signed in, tokens were refreshed and answers went wrong, no store and no log holds anything that opens the account.</summary>
public sealed class CredentialPrivacyTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_opens_an_account_is_found_nowhere_but_sealed()
    {
        await using var stage = await HubSpotStage.Start();
        using var tenant = await stage.Stack.NewTenant();
        stage.HubSpot.Tokens.RotatesRefreshTokens = true;
        var secrets = new List<string> { stage.HubSpot.App.ClientSecret };
        secrets.AddRange(await SignIn(stage, tenant));
        stage.HubSpot.Faults.Enqueue(Echoing(stage, 400).On("POST /crm/v3/objects/*"), Echoing(stage, 500).On("POST /crm/v3/objects/*"));
        var first = (await tenant.PostLead())["id"]!.GetValue<string>();
        await Eventually.True(() => stage.HubSpot.Faults.Waiting == 1, "an answer that refuses for good and gives secrets away was had", s_soon);
        await tenant.PostLead();
        await Eventually.True(() => stage.HubSpot.Faults.Waiting == 0, "and one that fails", s_soon);
        stage.HubSpot.Tokens.ExpireAccessTokens();
        var second = (await tenant.PostLead())["id"]!.GetValue<string>();
        await Eventually.True(() => stage.HasDeal(second) && stage.HubSpot.Refreshes.Count == 1, "a record came through with new tokens", s_soon);
        secrets.AddRange(await SignIn(stage, tenant));
        secrets.AddRange(stage.HubSpot.Tokens.Secrets);
        secrets.AddRange(stage.HubSpot.Requests.Select(request => HttpUtility.ParseQueryString(request.Body)["code_verifier"]).OfType<string>());

        Assert.True(secrets.Distinct(StringComparer.Ordinal).Count() >= 14, $"only {secrets.Count} secrets were seen");
        Absence.Of(secrets, await stage.Stack.Dump(), stage.Stack.Lines);
        Assert.Contains(await stage.Stack.Dump(), line => line.StartsWith("TenantCredentials ", StringComparison.Ordinal));
        await stage.Stack.Host.DisposeAsync();
        await stage.Stack.Azurite.DisposeAsync();
        Absence.InFiles(stage.Stack.AzuriteFolder, secrets);
        Assert.NotEmpty(first);
    }

    /// <summary>An answer that repeats what it was asked with, as careless ones do.</summary>
    private static HubSpotFault Echoing(HubSpotStage stage, int status)
    {
        var secrets = string.Join(' ', stage.HubSpot.Tokens.Secrets);
        return HubSpotFault.Answer(status) with { Body = $$"""{"status":"error","message":"{{secrets}}","category":"VALIDATION_ERROR"}""", ContentType = "application/json" };
    }

    /// <summary>Goes the way of a browser by hand, and gives all that was in it: the ticket, the state, the cookie.</summary>
    private static async Task<IEnumerable<string>> SignIn(HubSpotStage stage, TestTenant tenant)
    {
        var link = await stage.Stack.Operator.Expect(HttpMethod.Post, $"/api/tenant/{tenant.Id}/crm/oauth", new JsonObject { ["provider"] = "hubspot" }, CancellationToken.None);
        var start = new Uri(link["url"]!.GetValue<string>());
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });
        using var departure = await browser.GetAsync(start);
        var cookie = Assert.Single(cookies.GetAllCookies()).Value;
        var page = departure.Headers.Location!;
        using var arrival = await browser.GetAsync(await HubSpotVisitor.Decide(browser, page));
        Assert.Equal(HttpStatusCode.OK, arrival.StatusCode);
        return [HttpUtility.ParseQueryString(start.Query)["ticket"]!, HttpUtility.ParseQueryString(page.Query)["state"]!, cookie];
    }
}
