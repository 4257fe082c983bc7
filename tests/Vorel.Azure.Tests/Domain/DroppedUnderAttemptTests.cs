using Vorel.Azure.Tables;
using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Ids;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Domain;

/// <summary>What an attempt needs goes away under it, as a sweep or an erasure takes it: it ends, and brings nothing back.</summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "crash")]
public sealed class DroppedUnderAttemptTests(AzuriteFixture azurite)
{
    private const int MostCalls = 4;

    private readonly RealWorld _real = new(azurite);
    private readonly TableServiceClient _tables = new(azurite.ConnectionString);

    /// <summary>What goes away.</summary>
    public enum Gone
    {
        PayloadTable,
        Payload,
        DeliveryTable,
        Delivery,
        Subscription,
    }

    /// <summary>When it goes away.</summary>
    public enum Moment
    {
        BeforeTheAttempt,
        BeforeTheClaim,
        DuringThePost,
    }

    public static TheoryData<Gone, Moment, int> Races
    {
        get
        {
            var races = new TheoryData<Gone, Moment, int>();
            foreach (var gone in Enum.GetValues<Gone>())
            {
                foreach (var moment in Enum.GetValues<Moment>())
                {
                    races.Add(gone, moment, 200);
                    races.Add(gone, moment, 500);
                }
            }

            return races;
        }
    }

    private World Domain => _real.Domain;

    [Theory]
    [MemberData(nameof(Races))]
    public async Task An_attempt_ends_and_brings_nothing_back(Gone gone, Moment moment, int status)
    {
        await Domain.Subscribe("conversation.created");
        await Domain.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""");
        await Domain.FanOut.Handle(Domain.Tenant, Assert.Single(await _real.Keys(RecordRow.Table, "outbox|")), default);
        var delivery = await Domain.OnlyDelivery();
        Domain.Sender.Answers(status == 200 ? Outcomes.Ok : Outcomes.Status(status, AttemptError.Server));
        await Schedule(moment, () => Remove(gone, delivery));

        var calls = 0;
        while (await Domain.Deliveries.Attempt(Domain.Tenant, delivery.Id, default) is var step and not DeliveryStep.Done)
        {
            Assert.InRange(++calls, 1, MostCalls);
            Domain.Advance(step is DeliveryStep.Wait wait ? wait.Until - Domain.Domain.GetUtcNow() : TimeSpan.FromSeconds(1));
        }

        await AssertGone(gone, delivery);
        await AssertEnd(gone, moment, status);
        Assert.Equal(0, Domain.Alerts.Count(AlertCode.ExcerptNotStored));

        // Nor does the tick, which still has its hint.
        Domain.Orchestrations.Starts.Clear();
        Domain.Advance(TimeSpan.FromMinutes(5));
        await Domain.Tick.Run(Domain.Domain.GetUtcNow(), default);
        Assert.Empty(Domain.Orchestrations.Starts);
        await AssertGone(gone, delivery);
    }

    [Fact]
    public async Task An_intent_that_is_handled_when_its_events_day_was_dropped_cancels_its_deliveries_and_makes_no_table()
    {
        await Domain.Subscribe("conversation.created");
        await Domain.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"1"}""");
        var row = Assert.Single(await _real.Keys(RecordRow.Table, "outbox|"));
        var table = PayloadTables.Of(Domain.Ids.Next());
        Domain.Advance(PayloadTables.Life + TimeSpan.FromDays(1));
        Assert.Equal(204, (await _tables.GetTableClient(table).DeleteAsync()).Status);
        await Domain.FanOut.Handle(Domain.Tenant, row, default);

        var delivery = await Domain.OnlyDelivery();
        Assert.IsType<DeliveryStep.Done>(await Domain.Deliveries.Attempt(Domain.Tenant, delivery.Id, default));
        var end = await Domain.OnlyDelivery();
        Assert.Equal((DeliveryState.Cancelled, "payload_gone"), (end.State, end.CancelReason));
        Assert.Empty(await _real.Keys(RecordRow.Table, "outbox|"));
        Assert.Equal(404, (await _tables.GetTableClient(table).DeleteAsync()).Status);
    }

    private async Task Schedule(Moment moment, Func<Task> remove)
    {
        switch (moment)
        {
            case Moment.BeforeTheAttempt:
                await remove();
                break;
            case Moment.DuringThePost:
                Domain.Sender.During = async () =>
                {
                    Domain.Sender.During = null;
                    await remove();
                };
                break;
            default:
                Domain.Store.BeforeCommit = async (table, _, _) =>
                {
                    Assert.StartsWith(DeliveryIds.TableFamily, table, StringComparison.Ordinal);
                    Domain.Store.BeforeCommit = null;
                    await remove();
                };
                break;
        }
    }

    private Task Remove(Gone gone, Delivery delivery) => gone switch
    {
        Gone.PayloadTable => _tables.GetTableClient(PayloadTables.Of(delivery.EventId)).DeleteAsync(),
        Gone.Payload => _tables.GetTableClient(PayloadTables.Of(delivery.EventId)).DeleteEntityAsync(Domain.Tenant.ToString(), delivery.EventId.ToString("D")),
        Gone.DeliveryTable => _tables.GetTableClient(DeliveryIds.TableOf(delivery.Id)).DeleteAsync(),
        Gone.Delivery => _tables.GetTableClient(DeliveryIds.TableOf(delivery.Id)).DeleteEntityAsync(Domain.Tenant.ToString(), Uuid7.ToKey(delivery.Id)),
        _ => Domain.Subscriptions.Delete(Domain.Tenant, delivery.Subscription.ToString("D"), AuditActor.System, default),
    };

    private async Task AssertGone(Gone gone, Delivery delivery)
    {
        var tables = await _tables.GetTableNamesAsync();
        Assert.Equal(gone != Gone.PayloadTable, tables.Contains(PayloadTables.Of(delivery.EventId)));
        Assert.Equal(gone != Gone.DeliveryTable, tables.Contains(DeliveryIds.TableOf(delivery.Id)));
        var payloads = await _real.Keys(PayloadTables.Of(delivery.EventId));
        Assert.Equal(gone is not (Gone.PayloadTable or Gone.Payload), payloads.Any(key => key.StartsWith(delivery.EventId.ToString("D"), StringComparison.Ordinal)));
        Assert.Equal(gone is not (Gone.DeliveryTable or Gone.Delivery), (await _real.Keys(DeliveryIds.TableOf(delivery.Id))).Count == 1);
        Assert.Equal(gone != Gone.Subscription, (await _real.Keys(SubscriptionRow.Table)).Count == 1);
    }

    private async Task AssertEnd(Gone gone, Moment moment, int status)
    {
        var sent = Domain.Sender.Requests.Count;
        if (gone is Gone.DeliveryTable or Gone.Delivery)
        {
            Assert.Equal(moment == Moment.DuringThePost ? 1 : 0, sent);
            return;
        }

        // What was read for the attempt is sent; the next one finds it gone.
        var end = await Domain.OnlyDelivery();
        Assert.Equal(moment == Moment.BeforeTheAttempt ? 0 : 1, sent);
        Assert.Equal(sent, end.Attempts.Count);
        var delivered = sent == 1 && status == 200;
        Assert.Equal(delivered ? DeliveryState.Delivered : DeliveryState.Cancelled, end.State);
        Assert.Equal(delivered ? null : gone == Gone.Subscription ? "subscription_gone" : "payload_gone", end.CancelReason);
    }
}
