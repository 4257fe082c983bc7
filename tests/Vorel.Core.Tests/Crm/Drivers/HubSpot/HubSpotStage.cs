using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Drivers.HubSpot;
using Vorel.Core.Crm.Providers;
using FakeHubSpot = Vorel.Fakes.HubSpot.FakeHubSpot;
using FakeRecord = Vorel.Fakes.HubSpot.HubSpotRecord;

namespace Vorel.Core.Tests.Crm.Drivers.HubSpot;

/// <summary>The stage of HubSpot: an account with one app, and tokens that are refreshed without the token endpoint.</summary>
public sealed class HubSpotStage : CrmStage
{
    public HubSpotStage()
    {
        // The clock stands still, and the numbers that are left would too.
        HubSpot = new FakeHubSpot(Clock) { Limits = { PerTenSeconds = 1_000_000 } };
        Tokens = new StagedTokens(() => HubSpot.Tokens.Issue(Scopes).Access);
    }

    public FakeHubSpot HubSpot { get; }

    /// <summary>What the account has granted.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = HubSpotDefaults.Scopes;

    public override IEnumerable<string> Secrets => HubSpot.Tokens.Secrets;

    protected override Uri Target => HubSpot.Address;

    protected override ProviderOrigins Origins => ProviderOrigins.Parse($"https://api.hubapi.com={Front.Address.GetLeftPart(UriPartial.Authority)}");

    public override ICrmDriver Open() => Open([]);

    /// <summary>A driver whose credentials have further members.</summary>
    public ICrmDriver Open(JsonObject more) => Open("a", Tokens!, more);

    public override ICrmDriver OpenStranger() => Open("stranger", new StagedTokens(() => "CKnobodys"), []);

    public override int Count(CrmObject crmObject) => HubSpot.Living(HubSpotFields.Of(crmObject).Slug).Count;

    public override string TextOf(string externalId) => string.Join('\n', HubSpot.Records.Single(record => record.Id == externalId).Properties.Select(property => $"{property.Key}: {property.Value}"));

    public override bool? IsGone(string externalId) =>
        HubSpot.Records.SingleOrDefault(record => record.Id == externalId) is { } record ? record.ArchivedAt is null ? null : false : true;

    /// <summary>The one living record of a type.</summary>
    public FakeRecord The(string type) => Assert.Single(HubSpot.Living(type));

    /// <summary>The ids of what a record is associated with.</summary>
    public IEnumerable<string> TiedTo(string id, string type) => HubSpot.Links.Where(link => link.FromId == id && link.ToType == type).Select(link => link.ToId);

    public override async Task Start()
    {
        await HubSpot.Start();
        await base.Start();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await HubSpot.DisposeAsync();
    }

    private ICrmDriver Open(string account, IAccessTokens tokens, JsonObject more)
    {
        var credentials = new JsonObject
        {
            ["access_token"] = "unused",
            ["refresh_token"] = "unused",
            ["scopes"] = new JsonArray([.. Scopes.Select(scope => JsonValue.Create(scope))]),
            ["portal_id"] = HubSpot.Portal.Id,
            ["ui_domain"] = HubSpot.Portal.UiDomain,
        };
        foreach (var (name, value) in more)
        {
            credentials[name] = value?.DeepClone();
        }

        return Registry.Open(new CrmDriverContext("hubspot", account, JsonSerializer.SerializeToElement(credentials), tokens));
    }
}
