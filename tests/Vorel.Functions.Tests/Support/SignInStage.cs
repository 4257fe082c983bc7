using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Fakes.HubSpot;

namespace Vorel.Functions.Tests.Support;

/// <summary>The handler with an app of its own at a stand-in for HubSpot, and browsers.</summary>
internal sealed class SignInStage : IAsyncDisposable
{
    private SignInStage(ApiHarness api, FakeHubSpot hubSpot, LogLines log, Uri publicAddress) => (Api, HubSpot, Log, PublicAddress) = (api, hubSpot, log, publicAddress);

    public ApiHarness Api { get; }

    public FakeHubSpot HubSpot { get; }

    public LogLines Log { get; }

    public Uri PublicAddress { get; }

    public static async Task<SignInStage> Start(string publicAddress = "https://vorel.example/", Action<IServiceCollection>? replace = null)
    {
        var hubSpot = new FakeHubSpot();
        await hubSpot.Start();
        hubSpot.App.RedirectUris.Add(publicAddress + "oauth/hubspot/callback");
        var log = new LogLines();
        var api = await ApiHarness.Start(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(log));
                replace?.Invoke(services);
            },
            settings => settings with
            {
                PublicBaseUrl = new Uri(publicAddress),
                OAuthApps = new OAuthApps(new Dictionary<string, OAuthApp> { ["hubspot"] = new(hubSpot.App.ClientId, hubSpot.App.ClientSecret) }),
                DevelopmentHosts = DevelopmentHosts.Parse(hubSpot.Address.Authority),
                ProviderOrigins = ProviderOrigins.Parse(string.Join(',', new[] { "https://api.hubapi.com", "https://app.hubspot.com" }
                    .Select(origin => $"{origin}={hubSpot.Address.GetLeftPart(UriPartial.Authority)}"))),
            });
        return new SignInStage(api, hubSpot, log, new Uri(publicAddress));
    }

    public Browser NewBrowser() => new(Api.Handler.Address, PublicAddress);

    /// <summary>A link that an operator made.</summary>
    public async Task<string> Link(string tenant, string path = "crm/oauth")
    {
        var answer = await Api.Operator.Post($"/api/tenant/{tenant}/{path}", """{"provider":"hubspot"}""");
        Assert.True(answer.Status == 201, answer.Body);
        return answer.Text("url");
    }

    /// <summary>Opens a link and signs in on HubSpot's page: the address at which HubSpot sends the browser back to us.</summary>
    public static async Task<string> SignIn(Browser browser, string link, string decision = "allow")
    {
        var departure = await browser.Open(link);
        Assert.True(departure.Status == 302, departure.Text);
        using var visitor = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        return (await HubSpotVisitor.Decide(visitor, departure.Location, decision)).AbsoluteUri;
    }

    /// <summary>A parameter of an address.</summary>
    public static string Parameter(string address, string name) => QueryHelpers.ParseQuery(new Uri(address).Query)[name].ToString();

    /// <summary>How often HubSpot was asked for tokens.</summary>
    public int Exchanges => HubSpot.Count("POST /oauth/v1/token");

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await HubSpot.DisposeAsync();
    }
}
