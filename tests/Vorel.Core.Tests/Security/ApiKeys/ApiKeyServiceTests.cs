using Vorel.Core.Audit;
using Vorel.Core.Errors;
using Vorel.Core.Security;
using Vorel.Core.Security.ApiKeys;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Security.ApiKeys;

public sealed class ApiKeyServiceTests : IDisposable
{
    private readonly World _world = new();
    private readonly RootSecret _pepper = RootSecret.Parse("TEST", Convert.ToBase64String(new byte[32]));
    private readonly CountingStore _store;
    private readonly ApiKeyService _keys;

    public ApiKeyServiceTests()
    {
        _store = new CountingStore(_world.Store);
        _keys = new ApiKeyService(_store, new ApiKeyHasher(_pepper), _world.Audit, _world.Ids, _world.Clocks);
    }

    public void Dispose() => _pepper.Dispose();

    [Fact]
    public async Task An_issued_key_speaks_for_its_tenant_with_its_scopes()
    {
        var issued = await _keys.Issue(_world.Tenant, "n8n", ["read", "leads:write", "read"], AuditActor.System, default);
        var identity = await _keys.Authenticate(issued.Text, default);

        Assert.Equal((_world.Tenant, issued.Key.Id), (identity!.Tenant, identity.KeyId));
        Assert.Equal(["leads:write", "read"], identity.Scopes.Order());
        Assert.Equal((issued.Text[..22], issued.Text[^4..]), (issued.Key.Prefix, issued.Key.LastFour));
        Assert.DoesNotContain(_world.Store.Inner.Dump().SelectMany(entry => entry.Row.Columns.Values).OfType<string>(), text => text.Contains(issued.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Malformed_unknown_and_revoked_keys_get_the_same_answer_for_the_same_look_up()
    {
        var issued = await _keys.Issue(_world.Tenant, "n8n", ["read"], AuditActor.System, default);
        var other = ApiKeyFormat.Generate();
        await _keys.Revoke(_world.Tenant, issued.Key.Id.ToString("D"), AuditActor.System, default);
        foreach (var text in new[] { null, "", "x", "Bearer", issued.Text, other, issued.Text.ToUpperInvariant(), issued.Text + " ", issued.Text[..57] + "g", new string('v', 100_000) })
        {
            _store.Queries = 0;
            Assert.Null(await _keys.Authenticate(text, default));
            Assert.Equal(1, _store.Queries);
        }
    }

    [Fact]
    public async Task The_all_zero_key_that_stands_in_for_malformed_ones_lets_nobody_in()
    {
        // Even if somebody were issued it, a malformed text must not speak for them.
        var zero = "vapk_live_" + new string('0', 48);
        var lookup = new ApiKeyLookupRow(_world.Ids.Next(), _world.Tenant, new ApiKeyHasher(_pepper).Hash(zero), ["read"], null);
        await _world.Store.Commit("ApiKeys", Partition.ApiKeyPrefix(zero[..22]), TypedRows.Insert(Bound(zero[..22], lookup)), default);
        Assert.NotNull(await _keys.Authenticate(zero, default));
        Assert.Null(await _keys.Authenticate("malformed", default));
    }

    [Fact]
    public async Task Keys_that_share_their_prefix_are_told_apart_by_their_whole()
    {
        var first = ApiKeyFormat.Generate();
        var second = first[..57] + (first[57] == '0' ? '1' : '0');
        foreach (var (text, scope) in new[] { (first, "read"), (second, "crm:write") })
        {
            var lookup = new ApiKeyLookupRow(_world.Ids.Next(), _world.Tenant, new ApiKeyHasher(_pepper).Hash(text), [scope], null);
            await _world.Store.Commit("ApiKeys", Partition.ApiKeyPrefix(text[..22]), TypedRows.Insert(Bound(text[..22], lookup)), default);
        }

        Assert.Equal(["read"], (await _keys.Authenticate(first, default))!.Scopes);
        Assert.Equal(["crm:write"], (await _keys.Authenticate(second, default))!.Scopes);
    }

    [Fact]
    public async Task A_key_does_not_open_what_a_revoked_one_with_the_same_prefix_opened()
    {
        var keys = Enumerable.Range(0, 5).Select(last => ApiKeyFormat.Generate()[..22] + new string('a', 35) + last).ToList();
        keys = [.. keys.Select(key => keys[0][..22] + key[22..])];
        for (var number = 0; number < keys.Count; number++)
        {
            var revoked = number == 2 ? _world.Clocks.Domain.GetUtcNow() : (DateTimeOffset?)null;
            var lookup = new ApiKeyLookupRow(_world.Ids.Next(), TenantId.New(TimeProvider.System), new ApiKeyHasher(_pepper).Hash(keys[number]), ["read"], revoked);
            await _world.Store.Commit("ApiKeys", Partition.ApiKeyPrefix(keys[0][..22]), TypedRows.Insert(Bound(keys[0][..22], lookup)), default);
        }

        var identities = new List<ApiKeyIdentity?>();
        foreach (var key in keys)
        {
            identities.Add(await _keys.Authenticate(key, default));
        }

        Assert.Null(identities[2]);
        Assert.Equal(4, identities.OfType<ApiKeyIdentity>().Select(identity => identity.Tenant).Distinct().Count());
        Assert.Null(await _keys.Authenticate(keys[0][..57] + "9", default));
    }

    [Fact]
    public async Task Revoking_is_seen_in_the_list_and_may_be_repeated()
    {
        var issued = await _keys.Issue(_world.Tenant, "n8n", ["read"], AuditActor.System, default);
        await _keys.Revoke(_world.Tenant, issued.Key.Id.ToString("D"), AuditActor.System, default);
        await _keys.Revoke(_world.Tenant, issued.Key.Id.ToString("D"), AuditActor.System, default);
        Assert.NotNull(Assert.Single(await _keys.List(_world.Tenant, default)).RevokedAt);
    }

    [Fact]
    public async Task A_revocation_that_broke_off_is_completed_by_its_repeat()
    {
        var issued = await _keys.Issue(_world.Tenant, "n8n", ["read"], AuditActor.System, default);
        var commits = 0;
        _world.Store.BeforeCommit = (table, _, _) => table == "ApiKeys" && commits++ == 1 ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _keys.Revoke(_world.Tenant, issued.Key.Id.ToString("D"), AuditActor.System, default));
        Assert.Null(await _keys.Authenticate(issued.Text, default));

        await _keys.Revoke(_world.Tenant, issued.Key.Id.ToString("D"), AuditActor.System, default);
        Assert.NotNull(Assert.Single(await _keys.List(_world.Tenant, default)).RevokedAt);
    }

    [Fact]
    public async Task Anothers_key_is_not_revoked()
    {
        var issued = await _keys.Issue(_world.Tenant, "n8n", ["read"], AuditActor.System, default);
        await Assert.ThrowsAsync<NotFoundException>(() => _keys.Revoke(TenantId.New(TimeProvider.System), issued.Key.Id.ToString("D"), AuditActor.System, default));
        await Assert.ThrowsAsync<NotFoundException>(() => _keys.Revoke(_world.Tenant, "x", AuditActor.System, default));
        Assert.NotNull(await _keys.Authenticate(issued.Text, default));
    }

    [Fact]
    public async Task A_key_needs_a_name_and_known_scopes()
    {
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _keys.Issue(_world.Tenant, " ", ["read", "write"], AuditActor.System, default));
        Assert.Equal(["/name", "/scopes/1"], exception.Errors.Select(error => error.Pointer));
        await Assert.ThrowsAsync<ValidationException>(() => _keys.Issue(_world.Tenant, "n8n", [], AuditActor.System, default));
        await Assert.ThrowsAsync<ValidationException>(() => _keys.Issue(_world.Tenant, null, null, AuditActor.System, default));
        Assert.Empty(_world.Store.Inner.Dump());
    }

    private sealed class CountingStore(IRowStore inner) : IRowStore
    {
        public int Queries { get; set; }

        public Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) => inner.Get(table, partition, key, cancellationToken);

        public IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken)
        {
            Queries++;
            return inner.Query(table, partition, range, cancellationToken);
        }

        public Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) =>
            inner.Commit(table, partition, writes, cancellationToken);

        public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(HintTable table, RowRange partitions, int take, CancellationToken cancellationToken) =>
            inner.ReadHints(table, partitions, take, cancellationToken);

        public Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken) => inner.ListTables(family, cancellationToken);

        public Task DropTable(string table, CancellationToken cancellationToken) => inner.DropTable(table, cancellationToken);
    }

    private ApiKeyLookupRow Bound(string prefix, ApiKeyLookupRow row) => row with { Mac = new ApiKeyHasher(_pepper).Bind(prefix, row) };
}
