using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Whatever single call breaks on the way of a customer who is made and then known by more: one customer, one contact, no debt.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereCustomerTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_the_customer_is_one_and_mirrored_once(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 30, world => world.Connect(), Play);

    private static async Task<Func<string, Task>> Play(World world)
    {
        var made = await Platform.Insist(() => world.FindOrCreateCustomer("""{"phone":"+14155550100","email":"ada@example.com"}"""));
        await Platform.Minute(world);
        await Platform.Insist(() => world.FindOrCreateCustomer("""{"email":"ada@example.com","external_id":"A-1"}"""));
        await Platform.Insist(() => world.Patch(made.Record, """{"phone":"+14155550101"}""", "key-1"));
        await Platform.Minutes(world, 12);
        return async when =>
        {
            Assert.True(world.Keys("customer|").Count == 1, when);
            Assert.True(world.Keys("todo|").Count == 0, when);
            Assert.True(world.Crm.Records == 1, when);
            var stored = await world.Records.Get(world.Tenant, RecordKinds.Customer, made.Record.Id.ToString("D"), default);
            Assert.True(stored is { Version: 3, Sync.Version: 3 }, when);
            var rows = new RecordIndex(world.Store, world.Reader, world.Digests).RowsOf(world.Tenant, stored).Select(row => row.RowKey).Order();
            Assert.True(rows.SequenceEqual(world.Keys("ix|customer|").Order()), when);
        };
    }
}
