using System.Text;
using System.Text.Json;
using Vorel.Core.Audit;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Outbox;

public sealed class FanOutTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Every_matching_subscription_gets_its_delivery_and_no_other_does()
    {
        var first = await _world.Subscribe("conversation.created", "lead.created");
        var second = await _world.Subscribe("conversation.created");
        await _world.Subscribe("lead.created");
        var disabled = await _world.Subscribe("conversation.created");
        await _world.Subscriptions.DisableGone(_world.Tenant, disabled.Id, Guid.NewGuid(), default);
        await _world.Conversation();
        await _world.Dispatch();

        var deliveries = await _world.AllDeliveries();
        Assert.Equal(new[] { first.Id, second.Id }.Order(), deliveries.Select(delivery => delivery.Subscription).Order());
        Assert.All(deliveries, delivery => Assert.Equal(DeliveryState.Pending, delivery.State));
        Assert.Equal(
            deliveries.Select(delivery => ("WebhookDelivery", $"delivery:{delivery.Id:D}", $$"""{"tenant":"{{_world.Tenant}}","delivery":"{{delivery.Id:D}}"}""")).Order(),
            _world.Orchestrations.Starts.Order());
        Assert.Empty(_world.Keys("outbox|"));
    }

    [Fact]
    public async Task The_envelope_that_is_kept_is_the_record_as_it_was_at_commit()
    {
        await _world.Subscribe("lead.created");
        var lead = await _world.Lead(await _world.Conversation(), ""","name":"Zoë \u2028 <b>","attributes":{"a":[1,2.50]}""");
        await _world.Patch(lead, """{"name":"later"}""");
        await _world.Dispatch();

        var delivery = await _world.OnlyDelivery();
        var body = await _world.Vault.Read(_world.Tenant, delivery.EventId, default);
        var expected = $$"""{"id":"{{delivery.EventId:D}}","event":"lead.created","created_at":"2026-01-05T09:00:00.000Z","tenant_id":"{{_world.Tenant}}","data":{{Encoding.UTF8.GetString(RecordJson.Write(lead))}}}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(body!));
        Assert.Contains("\\u2028", expected, StringComparison.Ordinal);
        Assert.All(body!, value => Assert.InRange(value, (byte)0x20, (byte)0x7E));
        using var document = JsonDocument.Parse(body!);
        Assert.Equal("Zoë \u2028 <b>", document.RootElement.GetProperty("data").GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_intent_that_comes_again_and_again_changes_nothing()
    {
        await _world.Subscribe("conversation.created");
        await _world.Connect();
        await _world.Conversation();
        var intent = _world.LastIntent();
        await _world.Live.Handle(intent, default);
        var deliveries = await _world.AllDeliveries();
        var payloads = _world.Store.Inner.Dump().Count(entry => entry.Table.StartsWith("Payloads", StringComparison.Ordinal));

        await _world.Live.Handle(intent, default);
        await _world.Live.Handle(intent, default);

        Assert.Equal(deliveries.Select(delivery => delivery.Id), (await _world.AllDeliveries()).Select(delivery => delivery.Id));
        Assert.Equal(payloads, _world.Store.Inner.Dump().Count(entry => entry.Table.StartsWith("Payloads", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_dispatchers_at_once_make_one_delivery_and_leave_no_row()
    {
        await _world.Subscribe("conversation.created");
        await _world.Connect();
        await _world.Conversation();
        var intent = Assert.IsType<WorkMessage.Intent>(WorkMessage.Parse(_world.LastIntent()));
        var other = _world.NewFanOut();
        var interleaved = 0;

        // Before every single commit of the first dispatcher, the second one runs from the start.
        _world.Store.BeforeCommit = async (_, _, _) =>
        {
            _world.Store.BeforeCommit = null;
            interleaved++;
            await other.Handle(_world.Tenant, intent.Row, default);
        };
        await _world.FanOut.Handle(_world.Tenant, intent.Row, default);

        Assert.Equal(1, interleaved);
        Assert.Single(await _world.AllDeliveries());
        Assert.Empty(_world.Keys("outbox|"));
        Assert.All(_world.Orchestrations.Starts.GroupBy(start => start.Instance), group => Assert.Single(group.Select(start => start.Name).Distinct()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_second_dispatcher_at_any_commit_of_the_first_does_no_harm(int commit)
    {
        await _world.Subscribe("conversation.created");
        await _world.Connect();
        await _world.Conversation();
        var intent = Assert.IsType<WorkMessage.Intent>(WorkMessage.Parse(_world.LastIntent()));
        var seen = 0;
        _world.Store.BeforeCommit = async (_, _, _) =>
        {
            if (seen++ == commit)
            {
                _world.Store.BeforeCommit = null;
                await _world.NewFanOut().Handle(_world.Tenant, intent.Row, default);
            }
        };
        await _world.FanOut.Handle(_world.Tenant, intent.Row, default);

        Assert.True(seen > commit);
        Assert.Single(await _world.AllDeliveries());
        Assert.Null(await _world.Store.Get<Core.Outbox.OutboxRow>(Partition.Of(_world.Tenant), intent.Row, default));
    }

    [Fact]
    public async Task A_leg_that_fails_is_done_when_the_intent_comes_again_and_the_other_leg_is_not_repeated()
    {
        await _world.Subscribe("conversation.created");
        await _world.Connect();
        var record = await _world.Conversation();
        var intent = _world.LastIntent();
        _world.Store.BeforeCommit = (table, _, _) =>
            table.StartsWith("WebhookDeliveries", StringComparison.Ordinal) ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _world.Live.Handle(intent, default));
        var mirror = $"record:{_world.Tenant}:conversation:{record.Id:D}";
        Assert.Equal([mirror], _world.Orchestrations.Starts.Select(start => start.Instance));
        Assert.Single(_world.Keys("outbox|"));

        _world.Store.BeforeCommit = null;
        await _world.Live.Handle(intent, default);
        var delivery = await _world.OnlyDelivery();
        Assert.Equal([mirror, $"delivery:{delivery.Id:D}"], _world.Orchestrations.Starts.Select(start => start.Instance));
        Assert.Empty(_world.Keys("outbox|"));
    }

    [Fact]
    public async Task A_delivery_row_that_was_made_but_never_started_is_started_when_the_intent_comes_again()
    {
        await _world.Subscribe("conversation.created");
        await _world.Conversation();
        var intent = _world.LastIntent();
        _world.Orchestrations.Fails = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _world.Live.Handle(intent, default));
        Assert.Single(await _world.AllDeliveries());

        _world.Orchestrations.Fails = false;
        await _world.Live.Handle(intent, default);
        Assert.Single(_world.Orchestrations.Starts);
        Assert.Single(await _world.AllDeliveries());
    }

    [Fact]
    public async Task An_intent_without_a_row_buries_the_row_and_the_tombstone_goes_after_ten_minutes()
    {
        var row = "outbox|" + new string('a', 32);
        await _world.FanOut.Handle(_world.Tenant, row, default);
        Assert.Equal([row], _world.Keys("outbox|"));

        _world.Advance(TimeSpan.FromMinutes(9));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Equal([row], _world.Keys("outbox|"));

        _world.Advance(TimeSpan.FromMinutes(2));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Empty(_world.Keys("outbox|"));
        Assert.DoesNotContain(_world.Store.Inner.Dump(), entry => entry.Table == "Due");
    }

    [Fact]
    public async Task A_jump_of_the_domain_clock_does_not_lift_a_tombstone()
    {
        await _world.FanOut.Handle(_world.Tenant, "outbox|" + new string('a', 32), default);
        _world.Domain.Advance(TimeSpan.FromHours(15));
        await _world.Tick.Run(_world.Domain.GetUtcNow(), default);
        Assert.Single(_world.Keys("outbox|"));
    }

    [Fact]
    public async Task A_conversation_that_is_changed_emits_nothing_and_is_mirrored()
    {
        await _world.Subscribe([.. Core.Events.EventNames.All]);
        await _world.Connect();
        var conversation = await _world.Conversation();
        await _world.Dispatch();
        _world.Orchestrations.Running.Add($"record:{_world.Tenant}:conversation:{conversation.Id:D}");

        await _world.Patch(conversation, """{"customer_name":"Ada"}""");
        await _world.Dispatch();

        Assert.Single(await _world.AllDeliveries());
        Assert.Equal([($"record:{_world.Tenant}:conversation:{conversation.Id:D}", "changed")], _world.Orchestrations.Raises);
    }
}
