using System.Text;
using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Credentials;

/// <summary>A tenant whose CRM gives out tokens, and processes that call it.</summary>
internal sealed class TokenStage
{
    private IAccessTokens? _opened;

    private TokenStage(World world)
    {
        World = world;
        (Connections, Connecting) = world.NewConnections(context =>
        {
            _opened = context.Tokens;
            return world.Crm;
        });
    }

    public World World { get; }

    public CrmConnectionService Connections { get; }

    public CrmConnecting Connecting { get; }

    public ScriptedRenewal Renewal => World.Renewal;

    /// <summary>The active credential.</summary>
    public Guid Credential { get; private set; }

    /// <summary>Connects a provider at which somebody has signed in, with a token that is refused from now on.</summary>
    public static async Task<TokenStage> Start(World? world = null, TimeSpan? lifetime = null)
    {
        var stage = new TokenStage(world ?? new World());
        await stage.SignIn("0", lifetime);
        return stage;
    }

    /// <summary>Connects with other tokens.</summary>
    public Task<ConnectResult> SignIn(string number, TimeSpan? lifetime = null)
    {
        var expiry = lifetime is { } life ? $",\"expires_at\":\"{World.Real.GetUtcNow() + life:O}\"" : "";
        Renewal.Good = $"refresh-{number}";
        return Connect(TokenProviders.Granting, $$"""{"access_token":"access-{{number}}","refresh_token":"refresh-{{number}}","scopes":["read","write","delete"]{{expiry}}}""");
    }

    public async Task<ConnectResult> Connect(CrmProvider provider, string credentials)
    {
        var result = await Connecting.Connect(World.Tenant, CrmRole.Main, provider, JsonNode.Parse(credentials)!.AsObject(), AuditActor.System, default);
        Credential = result.Status == CredentialStatus.Active ? result.Credential : Credential;
        return result;
    }

    /// <summary>The tokens of the driver that was opened last.</summary>
    public IAccessTokens? LastOpened => _opened;

    /// <summary>The tokens of a driver that is opened now.</summary>
    public async Task<IAccessTokens> Open()
    {
        await Connections.Open(World.Tenant, CrmObject.Lead, default);
        return _opened!;
    }

    /// <summary>The tokens of the active credential in another process.</summary>
    public async Task<IAccessTokens> OpenIn(TokenRefresh process)
    {
        var row = (await Stored()).Row;
        using var opened = await World.Credentials.Open(World.Tenant, row, AuditActor.System, default);
        return process.TokensOf(World.Tenant, row, opened);
    }

    /// <summary>The active credential as it is stored.</summary>
    public async Task<Stored<CredentialRow>> Stored(Guid? id = null) =>
        (await World.Store.Inner.Get<CredentialRow>(Partition.Of(World.Tenant), CredentialRow.KeyOf(id ?? Credential), default))!;

    /// <summary>What is sealed of it: access token, refresh token and version.</summary>
    public async Task<(string? Access, string? Refresh, long Version)> Sealed(Guid? id = null)
    {
        var row = (await Stored(id)).Row;
        var text = Encoding.UTF8.GetString(row.Sealed);
        var json = JsonNode.Parse(text[text.IndexOf('\n', StringComparison.Ordinal)..])!;
        return ((string?)json["access_token"], (string?)json["refresh_token"], row.TokenVersion);
    }

    /// <summary>Changes the stored row, as another process would.</summary>
    public async Task Change(Func<CredentialRow, CredentialRow> change)
    {
        var stored = await Stored();
        Assert.True(await World.Store.Inner.TryReplace(CredentialRow.Table, Partition.Of(World.Tenant), stored with { Row = change(stored.Row) }, default));
    }

    /// <summary>The lease, as it is stored.</summary>
    public async Task<LeaseRow?> Lease() =>
        (await World.Store.Inner.Get<LeaseRow>(Partition.Of(World.Tenant), RefreshLease.NameOf(Credential), default))?.Row;

    /// <summary>Another process has the lease until a moment.</summary>
    public Task HoldLease(TimeSpan until) => World.Store.Inner.Commit(
        LeaseRow.Table,
        Partition.Of(World.Tenant),
        TypedRows.Upsert(new LeaseRow(RefreshLease.NameOf(Credential), Guid.NewGuid(), 7, World.Real.GetUtcNow() + until)),
        default);

    /// <summary>How often an event was written down.</summary>
    public int Audited(AuditAction action) =>
        World.Store.Inner.Dump().Count(entry => entry.Table == "AuditLog" && entry.Row.Columns["action"] is string name && name == action.Name);
}
