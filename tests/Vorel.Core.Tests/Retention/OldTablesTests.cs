using Vorel.Core.Crm.OAuth;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Retention;

public sealed class OldTablesTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_days_payloads_are_dropped_with_their_keys_nine_days_after_the_day_and_not_before()
    {
        var (table, id) = await Payload();
        var end = EndOf(_world.Domain.GetUtcNow().UtcDateTime.Date.AddDays(10));
        _world.Advance(end - _world.Domain.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await _world.OldTables.Drop(default));
        Assert.NotNull(await _world.Vault.Read(_world.Tenant, id, default));

        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _world.OldTables.Drop(default));
        Assert.Equal(0, await _world.OldTables.Drop(default));

        Assert.DoesNotContain(table, _world.Store.Inner.Tables);
        Assert.Null(await _world.Vault.Read(_world.Tenant, id, default));
    }

    [Fact]
    public async Task What_comes_late_brings_no_dropped_day_back()
    {
        var (_, id) = await Payload();
        _world.Advance(TimeSpan.FromDays(11));
        await _world.OldTables.Drop(default);

        await _world.Vault.Put(_world.Tenant, id, [1, 2, 3], default);
        await _world.Vault.PutExcerpt(_world.Tenant, id, _world.Ids.Next(), 1, "late"u8.ToArray(), default);

        Assert.Empty(await _world.Store.ListTables("Payloads", default));
    }

    [Theory]
    [InlineData("2026-04-01T23:59:59Z", false)]
    [InlineData("2026-04-02T00:00:00Z", true)]
    public async Task A_months_deliveries_are_dropped_sixty_days_after_the_month(string now, bool dropped)
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        Assert.Equal(["WebhookDeliveries202601"], await _world.Store.ListTables("WebhookDeliveries", default));
        _world.Advance(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture) - _world.Domain.GetUtcNow());

        await _world.OldTables.Drop(default);

        Assert.Equal(dropped, (await _world.Store.ListTables("WebhookDeliveries", default)).Count == 0);
    }

    [Theory]
    [InlineData("2026-03-16T23:59:59Z", false)]
    [InlineData("2026-03-17T00:00:00Z", true)]
    public async Task A_days_sign_ins_are_dropped_a_day_after_the_day(string now, bool dropped)
    {
        var table = OAuthStateRow.TableAt(new DateTimeOffset(2026, 3, 15, 23, 59, 59, TimeSpan.Zero));
        await _world.Store.Commit(table, OAuthStateRow.PartitionOf([1, 2, 3]), new RowWrite.Insert(OAuthStateRow.Key, new Dictionary<string, object>()), default);
        _world.Advance(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture) - _world.Domain.GetUtcNow());

        await _world.OldTables.Drop(default);

        Assert.Equal(dropped, (await _world.Store.ListTables("OAuthStates", default)).Count == 0);
    }

    [Fact]
    public async Task Tables_whose_names_only_start_alike_stay()
    {
        foreach (var table in (string[])["Payloads", "PayloadsX", "Payloads2020", "Payloads20209999", "WebhookDeliveriesArchive"])
        {
            await _world.Store.Commit(table, Partition.Of(_world.Tenant), new RowWrite.Insert("a", new Dictionary<string, object> { ["n"] = 1L }), default);
        }

        Assert.Equal(0, await _world.OldTables.Drop(default));
        Assert.Equal(5, _world.Store.Inner.Tables.Count);
    }

    private static DateTimeOffset EndOf(DateTime day) => new(day, TimeSpan.Zero);

    private async Task<(string Table, Guid Id)> Payload()
    {
        var id = _world.Ids.Next();
        var sealedBytes = await _world.Vault.Seal(_world.Tenant, id, "{}"u8.ToArray(), default);
        await _world.Vault.Put(_world.Tenant, id, sealedBytes, default);
        return (Assert.Single(await _world.Store.ListTables("Payloads", default)), id);
    }
}
