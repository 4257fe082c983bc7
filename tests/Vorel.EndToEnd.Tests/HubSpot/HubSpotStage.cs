using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Fakes.HubSpot;
using Vorel.LocalHost.Development;

namespace Vorel.EndToEnd.Tests.HubSpot;

/// <summary>A stack whose HubSpot is the stand-in, and people who sign in there.</summary>
internal sealed class HubSpotStage : IAsyncDisposable
{
    private HubSpotStage(FakeHubSpot hubSpot, TestStack stack)
    {
        HubSpot = hubSpot;
        Stack = stack;
    }

    public FakeHubSpot HubSpot { get; }

    public TestStack Stack { get; }

    public static async Task<HubSpotStage> Start(TestStackOptions? wanted = null)
    {
        var hubSpot = new FakeHubSpot();
        await hubSpot.Start();
        var port = LoopbackPorts.Free(); // HubSpot knows beforehand where its users are sent back to.
        hubSpot.App.RedirectUris.Add($"http://127.0.0.1:{port}/oauth/hubspot/callback");
        var origin = hubSpot.Address.GetLeftPart(UriPartial.Authority);
        var options = wanted ?? new TestStackOptions();
        return new HubSpotStage(hubSpot, await TestStack.Start(options with
        {
            Port = port,
            AllowedHosts = [hubSpot.Address.Authority],
            Settings = new Dictionary<string, string>(options.Settings)
            {
                ["VOREL_PUBLIC_BASE_URL"] = $"http://127.0.0.1:{port}",
                ["VOREL_DEV_PROVIDER_ORIGINS"] = $"https://api.hubapi.com={origin},https://app.hubspot.com={origin}",
                ["VOREL_HUBSPOT_CLIENT_ID"] = hubSpot.App.ClientId,
                ["VOREL_HUBSPOT_CLIENT_SECRET"] = hubSpot.App.ClientSecret,
            },
        }));
    }

    /// <summary>Has somebody sign in for a tenant, and gives the page that they end on.</summary>
    public async Task<LocalPage> SignIn(TestTenant tenant)
    {
        var link = await Stack.Operator.Expect(HttpMethod.Post, $"/api/tenant/{tenant.Id}/crm/oauth", new JsonObject { ["provider"] = "hubspot" }, CancellationToken.None);
        using var browser = new LocalBrowser();
        return await browser.Visit(new Uri(link["url"]!.GetValue<string>()), "allow", CancellationToken.None);
    }

    /// <summary>A new tenant that is connected.</summary>
    public async Task<TestTenant> NewTenant()
    {
        var tenant = await Stack.NewTenant();
        var page = await SignIn(tenant);
        Assert.Equal((200, "HubSpot is connected"), (page.Status, page.Title));
        Assert.Equal("active", (await Crm(tenant))["status"]!.GetValue<string>());
        return tenant;
    }

    /// <summary>What the operator sees of a tenant's CRM.</summary>
    public Task<JsonObject> Crm(TestTenant tenant) => Stack.Operator.Expect(HttpMethod.Get, $"/api/tenant/{tenant.Id}/crm", null, CancellationToken.None);

    /// <summary>The deals that leads have become, by the lead's id.</summary>
    public bool HasDeal(string lead) => HubSpot.Living("deals").Any(deal => deal["vorel_key"]?.Contains(lead, StringComparison.Ordinal) == true);

    public async ValueTask DisposeAsync()
    {
        await Stack.DisposeAsync();
        await HubSpot.DisposeAsync();
    }
}
