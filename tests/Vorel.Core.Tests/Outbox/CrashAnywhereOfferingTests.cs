using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Whatever single call breaks on the way of an offering, in the other table: each event once, and nothing left on its way.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereOfferingTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_the_events_go_out_once_and_the_deletion_stands(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 30, world => world.Subscribe("offering.created", "offering.updated"), Play);

    private static async Task<Func<string, Task>> Play(World world)
    {
        var kept = (await Platform.Insist(() => world.Create(RecordKinds.Offering, """{"title":"Villa","price":1.50}""", "key-1"))).Record;
        await Platform.Insist(() => world.Patch(kept, """{"price":1.75}""", "key-2"));
        await Platform.Insist(() => Delete(world, kept));
        await Platform.Minutes(world, 14);
        return async when =>
        {
            var deliveries = await world.AllDeliveries();
            Assert.True(deliveries.Select(delivery => delivery.Event).Order().SequenceEqual(["offering.created", "offering.updated"]), when);
            Assert.True(deliveries.All(delivery => delivery.State == DeliveryState.Delivered), when);
            Assert.True(world.Keys("offering|").Count == 1, when);
            Assert.True(world.Keys("outbox").Count == 0, when);
            Assert.True((await world.Records.List(world.Tenant, RecordKinds.Offering, 10, null, default)).Records.Count == 0, when);
        };
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
