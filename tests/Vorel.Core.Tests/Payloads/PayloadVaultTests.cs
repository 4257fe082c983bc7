using System.Text;
using Vorel.Core.Payloads;
using Vorel.Core.Security;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Payloads;

public sealed class PayloadVaultTests
{
    private readonly World _world = new();

    [Fact]
    public async Task What_was_sealed_and_put_is_read_byte_for_byte_by_a_process_that_never_saw_it()
    {
        var id = _world.Ids.Next();
        var body = Encoding.UTF8.GetBytes(new string('x', 200_000));
        await _world.Vault.Put(_world.Tenant, id, await _world.Vault.Seal(_world.Tenant, id, body, default), default);
        Assert.Equal(body, await new PayloadVault(_world.Store, _world.Protector, _world.Clocks).Read(_world.Tenant, id, default));
    }

    [Fact]
    public async Task The_first_copy_stays()
    {
        var id = _world.Ids.Next();
        await _world.Vault.Put(_world.Tenant, id, await _world.Vault.Seal(_world.Tenant, id, "first"u8.ToArray(), default), default);
        await _world.Vault.Put(_world.Tenant, id, await _world.Vault.Seal(_world.Tenant, id, "second"u8.ToArray(), default), default);
        Assert.Equal("first"u8.ToArray(), await _world.Vault.Read(_world.Tenant, id, default));
    }

    [Fact]
    public async Task Each_tenant_and_day_has_one_key_and_two_makers_agree_on_it()
    {
        var id = _world.Ids.Next();
        byte[]? other = null;
        _world.Store.BeforeCommit = async (_, _, _) =>
        {
            _world.Store.BeforeCommit = null;
            other = await new PayloadVault(_world.Store, _world.Protector, _world.Clocks).Seal(_world.Tenant, id, "x"u8.ToArray(), default);
        };
        await _world.Vault.Seal(_world.Tenant, id, "x"u8.ToArray(), default);
        await _world.Vault.Put(_world.Tenant, id, other!, default);
        Assert.Equal("x"u8.ToArray(), await _world.Vault.Read(_world.Tenant, id, default));

        _world.Domain.Advance(TimeSpan.FromDays(1));
        await _world.Vault.Seal(_world.Tenant, _world.Ids.Next(), "x"u8.ToArray(), default);
        await _world.Vault.Seal(TenantId.New(TimeProvider.System), id, "x"u8.ToArray(), default);
        Assert.Equal(
            ["Payloads20260105", "Payloads20260105", "Payloads20260106"],
            _world.Store.Inner.Dump().Where(entry => entry.Row.Key == "key").Select(entry => entry.Table));
    }

    [Fact]
    public async Task A_payload_under_another_events_or_tenants_name_does_not_open()
    {
        var first = _world.Ids.Next();
        var second = _world.Ids.Next();
        var sealedBytes = await _world.Vault.Seal(_world.Tenant, first, "x"u8.ToArray(), default);
        await _world.Vault.Put(_world.Tenant, second, sealedBytes, default);
        await Assert.ThrowsAsync<EnvelopeException>(() => _world.Vault.Read(_world.Tenant, second, default));

        var stranger = TenantId.New(TimeProvider.System);
        await _world.Vault.Seal(stranger, first, "warms the key"u8.ToArray(), default);
        await _world.Vault.Put(stranger, first, sealedBytes, default);
        await Assert.ThrowsAsync<EnvelopeException>(() => _world.Vault.Read(stranger, first, default));
    }

    [Fact]
    public async Task What_was_dropped_reads_as_gone_and_no_new_key_is_made_for_a_day_that_is_over()
    {
        var id = _world.Ids.Next();
        Assert.Null(await _world.Vault.Read(_world.Tenant, id, default));
        await _world.Vault.PutExcerpt(_world.Tenant, id, _world.Ids.Next(), 1, "x"u8.ToArray(), default);
        Assert.Empty(_world.Store.Inner.Dump());
    }

    [Fact]
    public async Task An_opened_key_is_kept_for_five_minutes_and_then_read_again()
    {
        var id = _world.Ids.Next();
        await _world.Vault.Put(_world.Tenant, id, await _world.Vault.Seal(_world.Tenant, id, "x"u8.ToArray(), default), default);
        await _world.Store.Inner.Commit(PayloadTables.Of(id), Partition.Of(_world.Tenant), [new RowWrite.Delete("key", "*")], default);
        Assert.NotNull(await _world.Vault.Read(_world.Tenant, id, default));
        _world.Real.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await _world.Vault.Read(_world.Tenant, id, default));
    }
}
