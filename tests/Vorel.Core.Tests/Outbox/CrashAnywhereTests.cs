using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Outbox;

/// <summary>
/// The first and third guarantee: whatever single call breaks on the whole way of a lead, from the request to the
/// subscriber and the CRM, and however it breaks, the end is the same.
/// </summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_the_lead_is_stored_delivered_and_mirrored_once(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 40, Prepare, Play);

    private static async Task Prepare(World world)
    {
        await world.Subscribe("lead.created", "lead.qualified");
        await world.Connect();
    }

    private static async Task<Func<string, Task>> Play(World world)
    {
        var conversation = await Platform.Insist(() => world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", "key-1"));
        var lead = await Platform.Insist(() => world.Create(
            RecordKinds.Lead, $$"""{"conversation_id":"{{conversation.Record.Id:D}}","status":"qualified"}""", "key-2"));
        await Platform.Minutes(world, 12);
        return when => AssertEnd(world, conversation.Record, lead.Record, when);
    }

    private static async Task AssertEnd(World world, RecordRow conversation, RecordRow lead, string when)
    {
        Assert.True(world.Keys("conversation|").Count == 1, when);
        Assert.True(world.Keys("lead|").Count == 1, when);
        Assert.True(world.Keys("todo|").Count == 0, when);
        var waiting = new List<string>();
        await foreach (var row in world.Store.Query<Core.Outbox.OutboxRow>(Partition.Of(world.Tenant), RowRange.Prefix("outbox|"), default))
        {
            waiting.AddRange(row.Row.Events.Select(outgoing => outgoing.Name));
        }

        Assert.True(waiting.Count == 0, when);
        var deliveries = await world.AllDeliveries();
        Assert.True(deliveries.Select(delivery => delivery.Event).Order().SequenceEqual(["lead.created", "lead.qualified"]), when);
        Assert.True(deliveries.All(delivery => delivery.State == DeliveryState.Delivered && delivery.Attempts.Count == 1), when);
        Assert.True(world.Crm.Records == 2, when);
        foreach (var record in new[] { conversation, lead })
        {
            var stored = await world.Records.Get(world.Tenant, record.Kind, record.Id.ToString("D"), default);
            Assert.True(stored.Sync is { Version: 1 }, when);
        }

        Assert.InRange(world.Sender.Requests.Count, 2, 3);
    }
}
