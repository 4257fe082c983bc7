using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;
using Vorel.Core.Time;
using Vorel.Fakes.OAuth;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm.OAuth;

/// <summary>A sign-in from the operator's link to the connection, over stores in memory and stand-ins of the providers on loopback.</summary>
internal sealed class OAuthStage : IAsyncDisposable
{
    public static readonly AuditActor Operator = new(AuditActorKind.Operator, AuditActor.Development);

    private readonly TokenStage _tokens;
    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private OAuthStage(FakeSalesforce salesforce, FakeZoho zoho)
    {
        Salesforce = salesforce;
        Zoho = zoho;
        var apps = new OAuthApps(new Dictionary<string, OAuthApp>
        {
            ["salesforce"] = new(salesforce.Client.Id, salesforce.Client.Secret),
            ["zoho"] = new(zoho.Client.Id, zoho.Client.Secret),
        });
        _tokens = new TokenStage(
            apps,
            TimeProvider.System,
            ("https://login.salesforce.com", salesforce.Address),
            ("https://accounts.zoho.com", zoho.Address),
            ("https://accounts.zoho.eu", zoho.Address),
            ("https://www.zohoapis.eu", zoho.Address));
        Address = new OAuthAddress(new Uri("https://vorel.example/"));
        salesforce.RedirectUri = Address.CallbackOf("salesforce");
        zoho.RedirectUri = Address.CallbackOf("zoho");
        Store = new FaultyRowStore(new InMemoryRowStore(), Plan);
        var clocks = new Clocks(Clock, Clock);
        var audit = new AuditLog(Store, new DueHints(Store), new IdSource(clocks), new AuditKey(Root), clocks);
        Flow = new OAuthFlow(Store, new LocalEnvelopeProtector(Root), apps, Address, _tokens.Tokens, Connect, audit, clocks);
    }

    public FaultPlan Plan { get; } = new();

    public FaultyRowStore Store { get; }

    public FakeTimeProvider Clock { get; } = new();

    public FakeSalesforce Salesforce { get; }

    public FakeZoho Zoho { get; }

    public OAuthAddress Address { get; }

    public OAuthFlow Flow { get; }

    public TenantId Tenant { get; } = TenantId.New(TimeProvider.System);

    /// <summary>What was connected.</summary>
    public ConcurrentQueue<(TenantId Tenant, CrmRole Role, string Provider, JsonObject Credentials, AuditActor Actor)> Connected { get; } = new();

    private static RootSecret Root => RootSecret.Parse("TEST", Convert.ToBase64String(new byte[32]));

    public static async Task<OAuthStage> Start()
    {
        var (salesforce, zoho) = (new FakeSalesforce(), new FakeZoho());
        await salesforce.Start();
        await zoho.Start();
        return new OAuthStage(salesforce, zoho);
    }

    /// <summary>An operator makes a link, somebody opens it: where the browser is sent, and its cookie.</summary>
    public async Task<OAuthDeparture> Depart(string provider, CrmRole role = CrmRole.Main, string? environment = null) =>
        await Flow.Depart(provider, (await Flow.Invite(Tenant, role, provider, environment, Operator, default)).Ticket, default);

    /// <summary>Signs in on the provider's page: what the browser is sent back with.</summary>
    public async Task<OAuthReturn> SignIn(OAuthDeparture departure)
    {
        using var answer = await _browser.GetAsync(departure.Address);
        Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync());
        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return new OAuthReturn(query["state"], departure.Cookie)
        {
            Code = query["code"],
            Location = query.GetValueOrDefault("location"),
            AccountsServer = query.GetValueOrDefault("accounts-server"),
        };
    }

    /// <summary>The whole way to the moment of the callback.</summary>
    public async Task<OAuthReturn> Bring(string provider) => await SignIn(await Depart(provider));

    /// <summary>The codes of what the audit log says, oldest first.</summary>
    public IReadOnlyList<string> Audited => [.. Store.Inner.Dump().Where(row => row.Table == "AuditLog").Reverse().Select(row =>
        $"{row.Row.Columns["action"]}{(row.Row.Columns.TryGetValue("code", out var code) ? " " + code : "")}")];

    /// <summary>What is kept of links and states.</summary>
    public int Kept => Store.Inner.Dump().Count(row => row.Table.StartsWith("OAuthStates", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _tokens.Dispose();
        await Salesforce.DisposeAsync();
        await Zoho.DisposeAsync();
    }

    private Task<ConnectResult> Connect(
        TenantId tenant, CrmRole role, Core.Crm.Providers.CrmProvider provider, JsonObject credentials, AuditActor actor, CancellationToken cancellationToken)
    {
        Connected.Enqueue((tenant, role, provider.Slug, credentials, actor));
        return Task.FromResult(new ConnectResult(Guid.CreateVersion7(), provider.Slug, Core.Crm.Credentials.CredentialStatus.Active));
    }
}
