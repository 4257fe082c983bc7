using Vorel.Core.Records;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Outbox;

/// <summary>Whatever single call breaks on the way of an appointment, a case and the end of their conversation: each event once, each record once.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereBookingTests
{
    private static readonly string[] s_events = ["booking.created", "booking.rescheduled", "conversation.closed"];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_every_event_and_every_record_goes_out_once(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 100, Prepare, Play);

    private static async Task Prepare(World world)
    {
        await world.Subscribe(s_events);
        await world.Connect();
    }

    private static async Task<Func<string, Task>> Play(World world)
    {
        var conversation = (await Platform.Insist(() => world.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""", "key-1"))).Record;
        var booked = (await Platform.Insist(() => world.Create(
            RecordKinds.Appointment,
            $$"""{"customer_name":"Ada","customer_phone":"12345","scheduled_start":"2026-02-01T09:00:00Z","scheduled_end":"2026-02-01T10:00:00Z","conversation_id":"{{conversation.Id:D}}"}""",
            "key-2"))).Record;
        await Platform.Insist(() => world.Create(RecordKinds.Case, $$"""{"subject":"x","conversation_id":"{{conversation.Id:D}}"}""", "key-3"));
        await Platform.Minute(world);
        await Platform.Insist(() => world.Patch(booked, """{"scheduled_start":"2026-02-01T09:30:00Z"}""", "key-4"));
        await Platform.Insist(() => world.Conversations.Close(world.Tenant, conversation.Id.ToString("D"), default));
        await Platform.Minutes(world, 12);
        return async when =>
        {
            var deliveries = await world.AllDeliveries();
            Assert.True(deliveries.Select(delivery => delivery.Event).Order().SequenceEqual(s_events), when);
            Assert.True(deliveries.All(delivery => delivery.State == DeliveryState.Delivered), when);
            Assert.True(world.Keys("todo|").Count == 0, when);
            Assert.True(world.Crm.Records == 3, when);
            Assert.True(world.Keys("ix|appointment.").Count == 1, when);
            Assert.True((await world.Records.List(world.Tenant, RecordKinds.Appointment, 10, null, default)).Records is [{ Version: 2, Sync.Version: 2 }], when);
        };
    }
}
