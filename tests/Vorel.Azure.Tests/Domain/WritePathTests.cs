using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Domain;

/// <summary>The write path and what follows from it, on real tables and a real queue.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class WritePathTests(AzuriteFixture azurite)
{
    private const string Conversation = """{"channel":"voice","customer_identifier":"1"}""";

    private readonly RealWorld _real = new(azurite);

    private World Domain => _real.Domain;

    [Fact]
    public async Task A_commit_that_comes_after_the_tombstone_is_unavailable_and_leaves_nothing_but_the_tombstone()
    {
        await Domain.Subscribe("conversation.created");
        await Domain.Connect();
        await _real.Dispatch();
        string? buried = null;
        Domain.Store.BeforeCommit = async (table, writes, _) =>
        {
            // The intent appears while the commit hangs; whoever takes it finds no row.
            if (table == RecordRow.Table && writes.Count > 1 && buried is null)
            {
                buried = writes[0].Key;
                await _real.Dispatch();
            }
        };
        await Assert.ThrowsAsync<UnavailableException>(() => Domain.Create(RecordKinds.Conversation, Conversation, "key-1"));

        Assert.Equal([buried!], await _real.Keys(RecordRow.Table));
        Assert.True((await Domain.Store.Get<OutboxRow>(Partition.Of(Domain.Tenant), buried!, default))!.Row.IsTombstone);
        Assert.Empty(await Domain.AllDeliveries());
        Assert.Empty(Domain.Orchestrations.Starts);
        Assert.Equal(0, await _real.DispatchVisible());

        // The caller's repeat stands.
        Domain.Store.BeforeCommit = null;
        Assert.Equal(201, (await Domain.Create(RecordKinds.Conversation, Conversation, "key-1")).Status);
        await _real.Dispatch();
        Assert.Single(await Domain.AllDeliveries());
    }

    [Fact]
    public async Task A_commit_whose_answer_never_comes_is_found_to_stand_and_sends_out_once()
    {
        await Domain.Subscribe("conversation.created");
        Domain.Store.AfterCommit = (table, writes) =>
            table == RecordRow.Table && writes.Count > 1 ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        var answer = await Domain.Create(RecordKinds.Conversation, Conversation, "key-1");

        // Shown at once, not after its delay.
        Assert.Equal(1, await _real.DispatchVisible());
        await AssertStands(answer);
    }

    [Fact]
    public async Task A_commit_that_lands_after_its_refusal_and_before_its_intent_appears_fails_and_emits_nothing()
    {
        await Domain.Subscribe("conversation.created");
        Func<Task>? land = null;
        Domain.Store.BeforeCommit = (table, writes, _) =>
        {
            if (table != RecordRow.Table || writes.Count == 1)
            {
                return Task.CompletedTask;
            }

            land = () => Domain.Store.Commit(table, Partition.Of(Domain.Tenant), writes, default);
            throw new StoreUnavailableException("scripted");
        };
        await Assert.ThrowsAsync<UnavailableException>(() => Domain.Create(RecordKinds.Conversation, Conversation, "key-1"));
        Domain.Store.BeforeCommit = null;

        var conflict = await Assert.ThrowsAsync<RowConflictException>(land!);
        Assert.Equal((0, RowConflict.AlreadyExists), (conflict.Index, conflict.Conflict));
        await _real.Dispatch();
        Assert.Empty(await Domain.AllDeliveries());

        var repeat = await Domain.Create(RecordKinds.Conversation, Conversation, "key-1");
        await Assert.ThrowsAsync<RowConflictException>(land!);
        await _real.Dispatch();
        await AssertStands(repeat);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_store_stays_away_nobody_can_know_and_the_repeat_finds_out(bool landed)
    {
        await Domain.Subscribe("conversation.created");
        var written = 0;
        Domain.Store.BeforeCommit = (table, _, _) =>
            table == RecordRow.Table && !(landed && written == 0) ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        Domain.Store.AfterCommit = (table, _) =>
            table == RecordRow.Table && written++ == 0 ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await Assert.ThrowsAsync<UnavailableException>(() => Domain.Create(RecordKinds.Conversation, Conversation, "key-1"));
        Domain.Store.BeforeCommit = null;
        Domain.Store.AfterCommit = null;

        var repeat = await Domain.Create(RecordKinds.Conversation, Conversation, "key-1");
        await Eventually.True(
            async () => await _real.DispatchVisible() == 0 && (await Domain.AllDeliveries()).Count > 0, "the intent appears", TimeSpan.FromSeconds(30));
        await AssertStands(repeat);
    }

    [Fact]
    public async Task Dispatchers_that_race_on_one_intent_make_one_delivery_for_each_subscription()
    {
        for (var subscriptions = 0; subscriptions < 3; subscriptions++)
        {
            await Domain.Subscribe("conversation.created");
        }

        await Domain.Create(RecordKinds.Conversation, Conversation);
        var row = Assert.Single(await _real.Keys(RecordRow.Table, "outbox|"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Domain.NewFanOut().Handle(Domain.Tenant, row, default))));

        var deliveries = await Domain.AllDeliveries();
        Assert.Equal(3, deliveries.Select(delivery => delivery.Subscription).Distinct().Count());
        Assert.Equal(3, deliveries.Count);
        Assert.Single(deliveries.Select(delivery => delivery.EventId).Distinct());
        Assert.Equal(deliveries.Select(delivery => DeliveryIds.InstanceOf(delivery.Id)).Order(), Domain.Orchestrations.Starts.Select(start => start.Instance).Distinct().Order());

        // One more comes when all is done: whatever it leaves is no live row and makes no delivery.
        await Domain.FanOut.Handle(Domain.Tenant, row, default);
        Assert.Equal(3, (await Domain.AllDeliveries()).Count);
    }

    [Fact]
    public async Task Deliveries_that_race_for_an_attempt_post_once()
    {
        await Domain.Subscribe("conversation.created");
        await Domain.Create(RecordKinds.Conversation, Conversation);
        await _real.Dispatch();
        var delivery = await Domain.OnlyDelivery();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Domain.Deliveries.Attempt(Domain.Tenant, delivery.Id, default))));

        Assert.Single(Domain.Sender.Requests);
        Assert.Equal(DeliveryState.Delivered, (await Domain.OnlyDelivery()).State);
    }

    [Fact]
    public async Task A_backlog_of_several_pages_is_taken_up_when_a_CRM_is_connected()
    {
        for (var number = 0; number < 105; number++)
        {
            await Domain.Conversation($"+97150{number}");
        }

        await Eventually.True(async () => await _real.DispatchVisible() == 0 && (await _real.Keys(RecordRow.Table, "outbox|")).Count == 0, "all is sent out", TimeSpan.FromSeconds(60));
        await Domain.Connect();
        await Eventually.True(
            async () =>
            {
                await _real.DispatchVisible();
                return Domain.Orchestrations.Starts.Select(start => start.Instance).Distinct().Count() == 105;
            },
            "every record is started",
            TimeSpan.FromSeconds(60));
    }

    private async Task AssertStands(RecordAnswer answer)
    {
        Assert.Equal(201, answer.Status);
        Assert.Equal([answer.Record.RowKey], await _real.Keys(RecordRow.Table, "conversation|"));
        foreach (var row in await _real.Keys(RecordRow.Table, "outbox|"))
        {
            Assert.True((await Domain.Store.Get<OutboxRow>(Partition.Of(Domain.Tenant), row, default))!.Row.IsTombstone);
        }

        Assert.Single(await Domain.AllDeliveries());
    }
}
