using Vorel.Core.Records;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Whatever single call breaks on the way of a customer who is made and then known by more: one customer, one contact, no debt.</summary>
public sealed class CrashAnywhereCustomerTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Whichever_call_breaks_the_customer_is_one_and_mirrored_once(bool afterEffect, bool killed)
    {
        var calls = await Play(null, afterEffect, killed);
        Assert.InRange(calls, 30, 400);
        for (var breaksAt = 0; breaksAt < calls; breaksAt++)
        {
            await Play(breaksAt, afterEffect, killed);
        }
    }

    private static async Task<int> Play(int? breaksAt, bool afterEffect, bool killed)
    {
        var world = new World();
        await world.Connect();
        var start = world.Plan.Calls;
        world.Plan.BreaksAt = start + breaksAt;
        world.Plan.AfterEffect = afterEffect;
        if (killed)
        {
            world.Plan.Fault = () => new KilledException();
        }

        var made = await Platform.Insist(() => world.FindOrCreateCustomer("""{"phone":"+14155550100","email":"ada@example.com"}"""));
        await Platform.Minute(world);
        await Platform.Insist(() => world.FindOrCreateCustomer("""{"email":"ada@example.com","external_id":"A-1"}"""));
        await Platform.Insist(() => world.Patch(made.Record, """{"phone":"+14155550101"}""", "key-1"));
        for (var minute = 0; minute < 12; minute++)
        {
            await Platform.Minute(world);
        }

        var calls = world.Plan.Calls - start;
        world.Plan.BreaksAt = null;
        var when = $"call {breaksAt}";
        Assert.True(world.Keys("customer|").Count == 1, when);
        Assert.True(world.Keys("todo|").Count == 0, when);
        Assert.True(world.Crm.Records == 1, when);
        var stored = await world.Records.Get(world.Tenant, RecordKinds.Customer, made.Record.Id.ToString("D"), default);
        Assert.True(stored is { Version: 3, Sync.Version: 3 }, when);
        var rows = new RecordIndex(world.Store, world.Reader, world.Digests).RowsOf(world.Tenant, stored).Select(row => row.RowKey).Order();
        Assert.True(rows.SequenceEqual(world.Keys("ix|customer|").Order()), when);
        return calls;
    }
}
