using Vorel.Core.Errors;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Webhooks.Deliveries;

public sealed class DeliveryReaderTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Pages_go_through_all_deliveries_newest_first_and_across_months()
    {
        await _world.Subscribe("conversation.created");
        for (var i = 0; i < 5; i++)
        {
            await _world.Conversation("customer " + i);
            _world.Advance(TimeSpan.FromDays(9));
        }

        await _world.Dispatch();
        var reader = new DeliveryReader(_world.Store, _world.Clocks);
        var seen = new List<Delivery>();
        string? cursor = null;
        do
        {
            var page = await reader.List(_world.Tenant, 2, cursor, default);
            seen.AddRange(page.Deliveries);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Select(delivery => delivery.Id).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(delivery => delivery.CreatedAt).Select(delivery => delivery.Id), seen.Select(delivery => delivery.Id));
        Assert.Equal(2, seen.Select(delivery => delivery.CreatedAt.Month).Distinct().Count());
    }

    [Fact]
    public async Task What_is_not_there_or_anothers_is_not_found_and_a_foreign_cursor_is_refused()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        await _world.Dispatch();
        var delivery = await _world.OnlyDelivery();
        var reader = new DeliveryReader(_world.Store, _world.Clocks);
        var stranger = Core.Tenants.TenantId.New(TimeProvider.System);

        Assert.Equal(delivery.EventId, (await reader.Get(_world.Tenant, delivery.Id.ToString("D"), default)).EventId);
        await Assert.ThrowsAsync<NotFoundException>(() => reader.Get(stranger, delivery.Id.ToString("D"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => reader.Get(_world.Tenant, "x", default));
        await Assert.ThrowsAsync<ValidationException>(() => reader.List(stranger, 10, delivery.Id.ToString("D"), default));
        await Assert.ThrowsAsync<ValidationException>(() => reader.List(_world.Tenant, 0, null, default));
        await Assert.ThrowsAsync<ValidationException>(() => reader.List(_world.Tenant, 101, null, default));
    }

    [Fact]
    public void The_id_of_a_delivery_follows_from_subscription_and_event_and_carries_the_events_time()
    {
        var subscription = _world.Ids.Next();
        var first = _world.Ids.Next();
        var second = _world.Ids.Next();

        Assert.Equal(DeliveryIds.Of(subscription, first), DeliveryIds.Of(subscription, first));
        Assert.NotEqual(DeliveryIds.Of(subscription, first), DeliveryIds.Of(subscription, second));
        Assert.NotEqual(DeliveryIds.Of(subscription, first), DeliveryIds.Of(_world.Ids.Next(), first));
        Assert.Equal(Core.Ids.Uuid7.TimeOf(first), Core.Ids.Uuid7.TimeOf(DeliveryIds.Of(subscription, first)));
        Assert.True(Core.Ids.Uuid7.TryParse(DeliveryIds.Of(subscription, first).ToString("D"), out _));
    }
}
