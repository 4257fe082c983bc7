using Vorel.Core.Audit;
using Vorel.Core.Ids;
using Vorel.Core.Security;
using Vorel.Core.Security.ApiKeys;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Security;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Somebody can write to the table of API keys, holds a key of their own, and wants more than it gives: nothing of it is let in.</summary>
[Trait("Area", "hostile")]
public sealed class ApiKeyRowAttackTests
{
    private readonly World _world = new();
    private readonly ApiKeyService _keys;
    private readonly TenantId _victim = TenantId.New(TimeProvider.System);

    public ApiKeyRowAttackTests() =>
        _keys = new ApiKeyService(_world.Store, new ApiKeyHasher(RootSecret.Parse("TEST", Convert.ToBase64String(new byte[32]))), _world.Audit, _world.Ids, _world.Clocks);

    public static TheoryData<string> Columns => ["tenant", "hash_0", "hash_length", "scopes", "mac_0", "mac_length"];

    [Fact]
    public async Task A_key_whose_row_is_turned_to_another_tenant_is_refused()
    {
        var (key, row) = await Own();
        await Put(key, row.Key, row.Columns, ("tenant", _victim.Value));
        Assert.Null(await _keys.Authenticate(key, default));
    }

    [Fact]
    public async Task A_key_that_is_given_more_scopes_is_refused()
    {
        var (key, row) = await Own();
        await Put(key, row.Key, row.Columns, ("scopes", "read crm:write"));
        Assert.Null(await _keys.Authenticate(key, default));
    }

    [Fact]
    public async Task A_victims_row_with_the_hash_of_ones_own_key_is_refused()
    {
        var (key, row) = await Own();
        var (_, theirs) = await Issue(_victim);
        await Put(key, row.Key, row.Columns.ToDictionary(), [.. theirs.Columns.Where(column => !column.Key.StartsWith("hash", StringComparison.Ordinal)).Select(column => (column.Key, column.Value))]);
        Assert.Null(await _keys.Authenticate(key, default));
    }

    [Fact]
    public async Task A_row_under_another_id_or_prefix_is_refused()
    {
        var (key, row) = await Own();
        var (other, otherRow) = await Own();
        await Put(key, otherRow.Key, row.Columns);
        await _world.Store.Inner.Commit("ApiKeys", Partition.ApiKeyPrefix(key[..22]), new RowWrite.Delete(row.Key, "*"), default);
        Assert.Null(await _keys.Authenticate(key, default));

        await Put(other[..22] + key[22..], row.Key, row.Columns);
        Assert.Null(await _keys.Authenticate(other[..22] + key[22..], default));
        Assert.NotNull(await _keys.Authenticate(other, default));
    }

    [Fact]
    public async Task A_revocation_that_is_taken_out_of_its_row_leaves_the_key_refused()
    {
        var (key, row) = await Own();
        await _keys.Revoke(_world.Tenant, Uuid7.FromKey(row.Key).ToString("D"), AuditActor.System, default);
        var revoked = Row(key);
        await Put(key, row.Key, revoked.Columns.Where(column => column.Key != "revoked_at").ToDictionary());
        Assert.Null(await _keys.Authenticate(key, default));
    }

    [Fact]
    public async Task A_row_that_was_changed_is_not_made_good_by_revoking_its_key()
    {
        var (key, row) = await Own();
        await Put(key, row.Key, row.Columns, ("tenant", _victim.Value));
        await _keys.Revoke(_world.Tenant, Uuid7.FromKey(row.Key).ToString("D"), AuditActor.System, default);
        await Put(key, row.Key, Row(key).Columns.Where(column => column.Key != "revoked_at").ToDictionary());
        Assert.Null(await _keys.Authenticate(key, default));
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Every_column_that_is_changed_or_gone_lets_nobody_in(string column)
    {
        var (key, row) = await Own();
        object changed = row.Columns[column] switch
        {
            byte[] bytes => (byte[])[.. bytes[..^1], (byte)(bytes[^1] ^ 1)],
            Guid => Guid.NewGuid(),
            long number => number - 1,
            var text => text + " crm:write",
        };
        await Put(key, row.Key, row.Columns, (column, changed));
        Assert.Null(await _keys.Authenticate(key, default));

        await Put(key, row.Key, row.Columns);
        Assert.Equal(_world.Tenant, (await _keys.Authenticate(key, default))!.Tenant);
    }

    /// <summary>The answer is of Node's crypto (known-answers.mjs).</summary>
    [Fact]
    public void The_MAC_of_a_row_is_that_of_the_known_answer()
    {
        var row = new ApiKeyLookupRow(Uuid7.FromKey("fe64729d857f807e60e852443dfb5779"), TestSecrets.Tenant, TestSecrets.Counting(32, 0x60), ["read", "crm:write"], null);
        Assert.Equal(
            "55c3e7359f11157a65b276173633771b8442febb4e894bbcadce3708faf7a86f",
            Convert.ToHexStringLower(new ApiKeyHasher(TestSecrets.Root()).Bind("vapk_live_0123456789ab", row)));
    }

    private Task<(string Key, Row Row)> Own() => Issue(_world.Tenant);

    private async Task<(string Key, Row Row)> Issue(TenantId tenant)
    {
        var key = (await _keys.Issue(tenant, "n8n", ["read"], AuditActor.System, default)).Text;
        return (key, Row(key));
    }

    private Row Row(string key) => Assert.Single(_world.Store.Inner.Dump(), entry => entry.Partition == key[..22]).Row;

    private Task Put(string key, string rowKey, IReadOnlyDictionary<string, object> columns, params (string Name, object Value)[] changes)
    {
        var changed = new Dictionary<string, object>(columns);
        foreach (var (name, value) in changes)
        {
            changed[name] = value;
        }

        return _world.Store.Inner.Commit("ApiKeys", Partition.ApiKeyPrefix(key[..22]), new RowWrite.Upsert(rowKey, changed), default);
    }
}
