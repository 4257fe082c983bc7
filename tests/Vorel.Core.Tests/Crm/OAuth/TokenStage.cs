using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Fakes.OAuth;

namespace Vorel.Core.Tests.Crm.OAuth;

/// <summary>A token endpoint of ours before stand-ins of providers.</summary>
internal sealed class TokenStage(OAuthApps apps, TimeProvider clock, params (string Origin, Uri StandIn)[] standIns) : IDisposable
{
    public TokenEndpoint Tokens { get; } = new(
        apps,
        new EgressGuard(DevelopmentHosts.Parse(string.Join(',', standIns.Select(one => one.StandIn.Authority)))),
        ProviderOrigins.Parse(string.Join(',', standIns.Select(one => $"{one.Origin}={one.StandIn.GetLeftPart(UriPartial.Authority)}"))),
        clock);

    /// <summary>Our app at a stand-in.</summary>
    public static OAuthApps App(string provider, FakeTokens fake) => new(new Dictionary<string, OAuthApp> { [provider] = new(fake.Client.Id, fake.Client.Secret) });

    /// <summary>The next tokens of these credentials.</summary>
    public async Task<TokenGrant> Renew(string provider, JsonObject credentials)
    {
        using var document = JsonDocument.Parse(credentials.ToJsonString());
        return await Tokens.Renew(CrmProviders.Find(provider)!, document.RootElement, default);
    }

    public void Dispose() => Tokens.Dispose();
}
