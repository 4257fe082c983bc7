using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Whatever single call breaks on the way of an offering, in the other table: each event once, and nothing left on its way.</summary>
public sealed class CrashAnywhereOfferingTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Whichever_call_breaks_the_events_go_out_once_and_the_deletion_stands(bool afterEffect, bool killed)
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
        await world.Subscribe("offering.created", "offering.updated");
        var start = world.Plan.Calls;
        world.Plan.BreaksAt = start + breaksAt;
        world.Plan.AfterEffect = afterEffect;
        if (killed)
        {
            world.Plan.Fault = () => new KilledException();
        }

        var kept = (await Platform.Insist(() => world.Create(RecordKinds.Offering, """{"title":"Villa","price":1.50}""", "key-1"))).Record;
        await Platform.Insist(() => world.Patch(kept, """{"price":1.75}""", "key-2"));
        await Platform.Insist(() => Delete(world, kept));
        for (var minute = 0; minute < 14; minute++)
        {
            await Platform.Minute(world);
        }

        var calls = world.Plan.Calls - start;
        world.Plan.BreaksAt = null;
        var when = $"call {breaksAt}";
        var deliveries = await world.AllDeliveries();
        Assert.True(deliveries.Select(delivery => delivery.Event).Order().SequenceEqual(["offering.created", "offering.updated"]), when);
        Assert.True(deliveries.All(delivery => delivery.State == DeliveryState.Delivered), when);
        Assert.True(world.Keys("offering|").Count == 1, when);
        Assert.True(world.Keys("outbox").Count == 0, when);
        Assert.True((await world.Records.List(world.Tenant, RecordKinds.Offering, 10, null, default)).Records.Count == 0, when);
        return calls;
    }

    /// <summary>Whoever repeats a deletion whose answer was lost finds nothing to delete.</summary>
    private static async Task<bool> Delete(World world, RecordRow offering)
    {
        try
        {
            await world.Offerings.Delete(world.Tenant, offering.Id.ToString("D"), default);
        }
        catch (NotFoundException)
        {
            // It is gone.
        }

        return true;
    }
}
