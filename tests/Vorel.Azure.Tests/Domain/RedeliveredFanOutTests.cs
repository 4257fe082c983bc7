using Vorel.Core.Crm.Mirror;
using Vorel.Core.Outbox;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Domain;

/// <summary>
/// One intent handled by a dispatcher that is held before each of its calls in turn, while another does everything, its orchestrations
/// run to their ends, and a third one comes after the end.
/// </summary>
[Collection(AzuriteCollection.Name)]
[Trait("Area", "crash")]
public sealed class RedeliveredFanOutTests(AzuriteFixture azurite)
{
    private const int Subscriptions = 2;
    private const int FewestCalls = 15;

    [Fact]
    public async Task Wherever_a_dispatcher_is_held_while_all_is_done_it_adds_nothing_and_leaves_nothing()
    {
        var point = 0;
        while (await HeldAt(point))
        {
            point++;
        }

        Assert.InRange(point, FewestCalls, 100);
    }

    /// <summary>False when the dispatcher makes no such call.</summary>
    private async Task<bool> HeldAt(int point)
    {
        var real = new RealWorld(azurite);
        var domain = real.Domain;
        for (var number = 0; number < Subscriptions; number++)
        {
            await domain.Subscribe("conversation.created");
        }

        await domain.Connect();
        var record = await domain.Conversation();
        var row = Assert.Single(await real.Keys(RecordRow.Table, "outbox|"));
        var held = domain.Plan.Calls + point;
        domain.Plan.Meanwhile = async call =>
        {
            if (call == held)
            {
                domain.Plan.Meanwhile = null;
                await domain.NewFanOut().Handle(domain.Tenant, row, default);
                await RunStarted(domain);
                await domain.NewFanOut().Handle(domain.Tenant, row, default);
            }
        };
        await domain.FanOut.Handle(domain.Tenant, row, default);
        if (domain.Plan.Meanwhile is not null)
        {
            return false;
        }

        await RunStarted(domain);
        await AssertDoneOnce(real, record, $"held at call {point}");
        return true;
    }

    private static async Task AssertDoneOnce(RealWorld real, RecordRow record, string when)
    {
        var domain = real.Domain;
        var deliveries = await domain.AllDeliveries();
        Assert.True(deliveries.Count == Subscriptions && deliveries.Select(delivery => delivery.Subscription).Distinct().Count() == Subscriptions, when);
        Assert.All(deliveries, delivery => Assert.Equal((when, DeliveryState.Delivered, 1), (when, delivery.State, delivery.Attempts.Count)));
        Assert.Equal((when, Subscriptions), (when, domain.Sender.Requests.Count));
        Assert.Equal((when, 1, 1), (when, domain.Crm.Records, domain.Crm.Calls.Count));
        Assert.Equal(1, (await domain.Reader.Get(domain.Tenant, record.Kind, record.Id.ToString("D"), default)).Sync?.Version);

        // The key, the body once, an excerpt of each answer.
        Assert.Equal((when, 2 + Subscriptions), (when, (await real.Keys(PayloadTables.Of(deliveries[0].EventId))).Count));
        Assert.Empty(await real.Keys(RecordRow.Table, "todo|"));

        // What may lie under the row's key is the tombstone of the one that came after the end; it keeps nobody from anything and goes.
        Assert.All(
            await domain.Store.Query<OutboxRow>(Partition.Of(domain.Tenant), RowRange.Prefix("outbox|"), default).ToListAsync(),
            row => Assert.True(row.Row.IsTombstone, when));
        domain.Advance(TimeSpan.FromMinutes(11));
        await domain.Tick.Run(domain.Domain.GetUtcNow(), default);
        Assert.Empty(await real.Keys(RecordRow.Table, "outbox|"));
        Assert.Empty(domain.Orchestrations.Starts);
    }

    /// <summary>Plays what was started to its end.</summary>
    private static async Task RunStarted(World domain)
    {
        while (domain.Orchestrations.Starts.TryDequeue(out var started))
        {
            var id = Guid.Parse(started.Instance[(started.Instance.LastIndexOf(':') + 1)..]);
            if (started.Name == "WebhookDelivery")
            {
                Assert.IsType<DeliveryStep.Done>(await domain.Deliveries.Attempt(domain.Tenant, id, default));
            }
            else
            {
                Assert.IsType<MirrorStep.Done>(await domain.Mirror.Mirror(domain.Tenant, RecordKinds.Find(started.Instance.Split(':')[2])!, id, default));
            }
        }
    }
}
