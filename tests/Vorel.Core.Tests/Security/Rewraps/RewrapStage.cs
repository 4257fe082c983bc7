using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Payloads;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Security.Rewraps;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Subscriptions;
using Vorel.Testing;

namespace Vorel.Core.Tests.Security.Rewraps;

/// <summary>A world with a vault, and rows of every sealed kind whose plaintexts are known.</summary>
internal sealed class RewrapStage : IDisposable
{
    private readonly Dictionary<(TenantId Tenant, string Table, string Key), byte[]> _plaintexts = [];
    private readonly LocalEnvelopeProtector _root = new(TestSecrets.Root());
    private readonly KmsEnvelopeProtector _kms;
    private int _planted;

    public RewrapStage()
    {
        var faulty = new FaultyWrapper(Vault);
        _kms = new KmsEnvelopeProtector(faulty, new FakeTimeProvider());
        World = new World(protector: new EnvelopeProtector(_root, _kms));
        faulty.Plan = World.Plan;
    }

    public InMemoryKeyWrapper Vault { get; } = new();

    public World World { get; }

    /// <summary>What sealed before there was a vault.</summary>
    public EnvelopeProtector Local => new(_root, null);

    public IReadOnlyList<TenantId> Tenants { get; } = [.. Enumerable.Range(0, 3).Select(_ => TenantId.New(TimeProvider.System))];

    public int Count => _plaintexts.Count;

    public void Dispose() => _kms.Dispose();

    /// <summary>Plants a row of each kind for each tenant.</summary>
    public async Task Fill(IEnvelopeProtector protector)
    {
        foreach (var tenant in Tenants)
        {
            await World.Store.Inner.Commit(TenantRow.Table, Partition.Of(tenant), TypedRows.Upsert(new TenantRow(tenant, "t", World.Domain.GetUtcNow())), default);
            await Subscription(protector, tenant);
            await Credential(protector, tenant, CrmRole.Main);
            await Credential(protector, tenant, CrmRole.Archive);
            var revoked = new CredentialRow(World.Ids.Next(), CrmRole.Main, "hubspot", "s", CrmSignIn.AuthorizationCode) { Status = CredentialStatus.Revoked };
            await World.Store.Inner.Commit(CredentialRow.Table, Partition.Of(tenant), TypedRows.Insert(revoked), default);
            foreach (var table in new[] { "Payloads20260101", "Payloads20260102" })
            {
                var (plaintext, scope) = (Plaintext(), DayKeys.Scope(table, tenant));
                await Insert(tenant, table, new DayKeyRow(await protector.Protect(plaintext, scope, default)), plaintext);
            }
        }
    }

    public async Task<SubscriptionRow> Subscription(IEnvelopeProtector protector, TenantId tenant)
    {
        var (plaintext, id) = (Plaintext(), World.Ids.Next());
        var row = new SubscriptionRow(id, World.TargetUrl, ["lead.created"], "whsec_", await protector.Protect(plaintext, SubscriptionService.Scope(tenant, id), default));
        await Insert(tenant, SubscriptionRow.Table, row, plaintext);
        return row;
    }

    /// <summary>Everything is sealed with a key, opens with the vault alone, and is what it was.</summary>
    public async Task AssertAllAt(string keyId, string when)
    {
        using var kms = new KmsEnvelopeProtector(Vault, new FakeTimeProvider());
        var protector = new EnvelopeProtector(null, kms);
        foreach (var ((tenant, table, key), plaintext) in _plaintexts)
        {
            var row = (await World.Store.Inner.Get(table, Partition.Of(tenant), key, default))!;
            var column = ColumnOf(table);
            var envelope = column.Read(row)!;
            Assert.True("kms:" + keyId == EnvelopeProtector.KeyIdOf(envelope), $"{when}: {table} {key}");
            var opened = await protector.Unprotect(envelope, column.Scope(tenant, table, row), default);
            Assert.True(plaintext.AsSpan().SequenceEqual(opened), $"{when}: {table} {key}");
        }
    }

    /// <summary>Starts a rewrap and lets it come to its end.</summary>
    public async Task<Rewrap> Run(int minutes = 40)
    {
        var started = await World.Rewraps.Start(default);
        await Platform.Minutes(World, minutes);
        return await World.Rewraps.Get(started.Id.ToString("D"), default);
    }

    private static SealedColumn ColumnOf(string table) => SealedColumns.All.Single(column => table.StartsWith(column.Table, StringComparison.Ordinal));

    private byte[] Plaintext() => TestSecrets.Counting(32, ++_planted);

    private async Task Credential(IEnvelopeProtector protector, TenantId tenant, CrmRole role)
    {
        var plaintext = Plaintext();
        var row = new CredentialRow(World.Ids.Next(), role, "custom_webhook", "s", CrmSignIn.Form) { Status = CredentialStatus.Active };
        row = row with { Sealed = await protector.Protect(plaintext, CredentialVault.Scope(tenant, row), default) };
        await Insert(tenant, CredentialRow.Table, row, plaintext);
    }

    private async Task Insert<T>(TenantId tenant, string table, T row, byte[] plaintext)
        where T : class, IRow<T>
    {
        await World.Store.Inner.Commit(table, Partition.Of(tenant), TypedRows.Insert(row), default);
        _plaintexts.Add((tenant, table, row.RowKey), plaintext);
    }

    /// <summary>A vault whose calls a plan counts and breaks, as it does those of the stores.</summary>
    private sealed class FaultyWrapper(IKeyWrapper vault) : IKeyWrapper
    {
        public FaultPlan Plan { get; set; } = new();

        public async ValueTask<string> CurrentKeyId(CancellationToken cancellationToken) => await Plan.Run(() => vault.CurrentKeyId(cancellationToken).AsTask());

        public Task<WrappedKey> Wrap(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => Plan.Run(() => vault.Wrap(key, cancellationToken));

        public Task<byte[]> Unwrap(WrappedKey wrapped, CancellationToken cancellationToken) => Plan.Run(() => vault.Unwrap(wrapped, cancellationToken));
    }
}
