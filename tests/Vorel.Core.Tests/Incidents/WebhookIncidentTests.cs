using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Tests.Incidents;

public sealed class WebhookIncidentTests
{
    [Fact]
    public async Task A_dead_letter_opens_one_incident_of_its_subscription_and_the_next_ones_are_its_examples()
    {
        var stage = await WebhookIncidentStage.Start();
        var names = new List<string>();
        for (var number = 0; number < IncidentRow.MostExamples + 1; number++)
        {
            names.Add($"delivery:{(await stage.DeadLetter($"customer{number}")).Id:D}");
            await stage.Pass(7);
        }

        var incident = await stage.Only();
        Assert.Equal((IncidentType.WebhookDeadLetter, stage.Subscription.Id.ToString("D")), (incident.Type, incident.Subject));
        Assert.Equal(names.Take(IncidentRow.MostExamples), incident.Examples);
        Assert.Equal(("timeout", "timeout"), (incident.FirstError, incident.LastError));
        Assert.Equal((await stage.Row()).FailingSince, incident.OldestSince);
        Assert.Equal(incident.OldestSince, (await stage.World.AllDeliveries())[^1].EndedAt);
        Assert.Null(incident.ClosedAt);
    }

    [Fact]
    public async Task People_are_told_of_the_burst_and_not_once_more_of_its_incident()
    {
        var stage = await WebhookIncidentStage.Start();
        await stage.DeadLetter("first");
        await stage.Pass(30);

        Assert.NotNull((await stage.Only()).AlertedAt);
        Assert.Equal(AlertCode.DeliveriesDeadLettered, Assert.Single(stage.World.Alerts.Raised).Code);
    }

    [Fact]
    public async Task A_delivery_that_gets_through_closes_it_at_once_and_the_next_dead_letter_opens_another_one()
    {
        var stage = await WebhookIncidentStage.Start();
        await stage.DeadLetter("first");
        await stage.GetsThrough("second");
        Assert.Equal("resolved", (await stage.Only()).Because);
        Assert.Null((await stage.Row()).FailingSince);

        await stage.DeadLetter("third");
        Assert.Equal(["open", "closed"], (await stage.Incidents()).Select(incident => incident.ClosedAt is null ? "open" : "closed").OrderDescending());
    }

    [Fact]
    public async Task A_delivery_that_gets_through_costs_no_call_more_than_before_unless_the_subscription_was_failing()
    {
        var stage = await WebhookIncidentStage.Start();
        var healthy = await Calls();
        await stage.DeadLetter("fails");
        var recovery = await Calls();

        // Delivery, subscription, event, claim, claimed delivery, POST, excerpt, record.
        Assert.Equal(8, healthy);
        Assert.True(recovery > healthy);
        Assert.Equal(healthy, await Calls());

        async Task<int> Calls()
        {
            var delivery = await stage.Pending(Guid.NewGuid().ToString());
            stage.World.Sender.Always(Outcomes.Ok);
            var start = stage.World.Plan.Calls;
            Assert.IsType<DeliveryStep.Done>(await stage.World.Deliveries.Attempt(stage.World.Tenant, delivery.Id, default));
            return stage.World.Plan.Calls - start;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_look_closes_it_when_the_subscription_is_gone_or_disabled(bool gone)
    {
        var stage = await WebhookIncidentStage.Start();
        await stage.DeadLetter("first");
        await stage.Pass(60);
        Assert.Null((await stage.Only()).ClosedAt);
        Assert.Equal(1, stage.Hints());

        await (gone
            ? stage.World.Subscriptions.Delete(stage.World.Tenant, stage.Subscription.Id.ToString("D"), AuditActor.System, default)
            : stage.World.Subscriptions.DisableGone(stage.World.Tenant, stage.Subscription.Id, Guid.NewGuid(), default));
        await stage.Pass(6);

        Assert.Equal("disconnected", (await stage.Only()).Because);
        Assert.Equal(0, stage.Hints());
    }

    [Fact]
    public async Task A_dead_letter_that_comes_to_tell_after_a_later_delivery_got_through_opens_nothing()
    {
        var stage = await WebhookIncidentStage.Start();
        var early = await stage.DeadLetter("first");
        var row = (await stage.World.Store.Inner.Get<DeliveryRow>(
            DeliveryIds.TableOf(early.Id), Partition.Of(stage.World.Tenant), Uuid7.ToKey(early.Id), default))!.Row;
        await stage.GetsThrough("second");
        await stage.World.WebhookIncidents.Fail(stage.World.Tenant, row, default);

        Assert.Equal("resolved", (await stage.Only()).Because);
        Assert.Null((await stage.Row()).FailingSince);
    }

    [Fact]
    public async Task A_delivery_that_comes_to_tell_after_others_have_begun_to_fail_closes_nothing()
    {
        var stage = await WebhookIncidentStage.Start();
        var early = new DeliveryRow(Guid.CreateVersion7(), stage.Subscription.Id, Guid.CreateVersion7(), "conversation.created")
        {
            State = DeliveryState.Delivered,
            EndedAt = stage.World.Domain.GetUtcNow(),
        };
        await stage.DeadLetter("first");
        await stage.World.WebhookIncidents.Recover(stage.World.Tenant, early, default);

        Assert.Null((await stage.Only()).ClosedAt);
        Assert.NotNull((await stage.Row()).FailingSince);
    }
}
