using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Incidents;

namespace Vorel.Core.Tests.Crm.Mirror;

public sealed class ParkedChildTests
{
    [Fact]
    public async Task A_child_of_a_parent_that_failed_for_good_is_parked_and_never_posted()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var lead = await stage.World.Lead(conversation);
        await stage.Refuse(conversation);
        var alerts = stage.World.Alerts.Raised.Count;

        Assert.IsType<MirrorStep.Done>(await stage.Mirror(lead));
        Assert.IsType<MirrorStep.Done>(await stage.Mirror(lead));

        var parked = await stage.World.Todo(lead);
        Assert.Equal(
            (stage.World.Domain.GetUtcNow(), "validation_error", $"conversation:{conversation.Id:D}", 0),
            (parked.FailedAt, parked.Error, parked.Behind, parked.Attempts));
        Assert.Empty(stage.World.Crm.Calls);
        Assert.Equal(alerts, stage.World.Alerts.Raised.Count);
    }

    [Fact]
    public async Task Messages_park_behind_their_conversation_and_the_oldest_says_so()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var first = await stage.World.Say(conversation, "hello");
        var second = await stage.World.Say(conversation, "anybody?");
        await stage.Refuse(conversation);
        Assert.IsType<MirrorStep.Done>(await stage.Mirror(first));

        Assert.Equal($"conversation:{conversation.Id:D}", (await stage.World.Todo(first)).Behind);
        Assert.Null((await stage.World.Todo(second)).FailedAt);
        Assert.Empty(stage.World.Crm.Calls);
    }

    [Fact]
    public async Task A_child_of_a_parent_that_the_CRM_can_never_hold_goes_ahead()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var lead = await stage.World.Lead(conversation);
        await stage.Refuse(conversation, CrmErrorCode.Unsupported);
        Assert.IsType<MirrorStep.Done>(await stage.Mirror(lead));
        Assert.Equal(CrmObject.Lead, Assert.Single(stage.World.Crm.Calls).Object);
    }

    [Fact]
    public async Task Children_follow_when_their_parent_gets_through()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var lead = await stage.World.Lead(conversation);
        await stage.World.Say(conversation, "hello");
        await stage.Refuse(conversation);
        await stage.Mirror(lead);
        await stage.World.Mirror.Mirror(stage.World.Tenant, RecordKinds.Message, conversation.Id, default);
        await stage.World.Patch(conversation, """{"customer_name":"Ada"}""");
        await stage.Mirror(conversation);
        await stage.Mirror(conversation);
        Assert.Equal([CrmObject.Conversation, CrmObject.Conversation], stage.World.Crm.Calls.Select(call => call.Object));

        await stage.Pass(1);
        Assert.Equal((null, null, null), Standing(await stage.World.Todo(lead)));
        Assert.Contains(stage.World.Orchestrations.Starts, start => start.Instance.EndsWith($"lead:{lead.Id:D}", StringComparison.Ordinal));
        Assert.Contains(stage.World.Orchestrations.Starts, start => start.Instance.EndsWith($"message:{conversation.Id:D}", StringComparison.Ordinal));
        await stage.Mirror(lead);
        await stage.World.Mirror.Mirror(stage.World.Tenant, RecordKinds.Message, conversation.Id, default);
        await stage.Pass(6);

        Assert.Equal([CrmObject.Lead, CrmObject.Message], stage.World.Crm.Calls.Skip(2).Select(call => call.Object));
        Assert.Empty(stage.World.Keys("todo|"));
        Assert.Equal("resolved", (await stage.Only()).Because);
        Assert.Empty(stage.Hints());
    }

    [Fact]
    public async Task Children_are_taken_up_again_as_soon_as_their_parent_is_tried_afresh()
    {
        var stage = await IncidentStage.Start();
        var (conversation, lead) = await Parked(stage);
        await Redrive(stage, conversation);

        await stage.Pass(1);

        // The parent is on its way, so the child waits for it as any child does.
        Assert.IsType<MirrorStep.Retry>(await stage.Mirror(lead));
        await stage.Mirror(conversation);
        Assert.IsType<MirrorStep.Done>(await stage.Mirror(lead));
        Assert.Equal([CrmObject.Conversation, CrmObject.Lead], stage.World.Crm.Calls.Select(call => call.Object));
    }

    [Fact]
    public async Task A_parent_that_holds_its_child_no_longer_for_being_gone_lets_it_go()
    {
        var stage = await IncidentStage.Start();
        var (conversation, lead) = await Parked(stage);
        await stage.World.Store.Inner.Commit("Records", Partition.Of(stage.World.Tenant), [new RowWrite.Delete(conversation.RowKey, "*")], default);
        await stage.Pass(1);
        Assert.IsType<MirrorStep.Done>(await stage.Mirror(lead));
        Assert.Equal(CrmObject.Lead, Assert.Single(stage.World.Crm.Calls).Object);
    }

    [Fact]
    public async Task A_parent_that_reached_the_CRM_and_failed_again_lets_its_child_go()
    {
        var stage = await IncidentStage.Start();
        var (conversation, lead) = await Parked(stage);
        await stage.World.Patch(conversation, """{"customer_name":"Ada"}""");
        await stage.Mirror(conversation);
        await stage.Refuse(conversation);
        Assert.NotNull((await stage.Incidents(), await stage.Look()).Item2);
        await stage.World.Dispatch();
        Assert.IsType<MirrorStep.Done>(await stage.Mirror(lead));
        Assert.Equal(CrmObject.Lead, stage.World.Crm.Calls[^1].Object);
    }

    [Fact]
    public async Task While_the_parent_stands_still_the_child_stays_parked()
    {
        var stage = await IncidentStage.Start();
        var (_, lead) = await Parked(stage);
        await stage.Pass(30);
        Assert.NotNull((await stage.World.Todo(lead)).Behind);
        Assert.Empty(stage.World.Crm.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_parent_that_is_repaired_while_its_child_parks_does_not_leave_it_parked(bool reachesTheCrm)
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var lead = await stage.World.Lead(conversation);
        await stage.Refuse(conversation);
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (table == "Records" && writes[0].Key.StartsWith("todo|mirror|lead", StringComparison.Ordinal))
            {
                stage.World.Store.BeforeCommit = null;
                await Redrive(stage, conversation);
                await (reachesTheCrm ? stage.Mirror(conversation) : Task.CompletedTask);
            }
        };
        await stage.Mirror(lead);
        Assert.NotNull((await stage.World.Todo(lead)).Behind);

        await stage.Pass(1);

        Assert.Equal((null, null, null), Standing(await stage.World.Todo(lead)));
    }

    [Fact]
    public async Task More_parked_children_than_a_look_has_time_for_are_looked_at_in_the_next()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var appointments = new List<RecordRow>();
        for (var number = 0; number < Core.Incidents.CrmIncidents.MostParked + 1; number++)
        {
            appointments.Add((await stage.World.Create(
                RecordKinds.Case, $$"""{"subject":"Leak","conversation_id":"{{conversation.Id:D}}"}""")).Record);
        }

        await stage.Refuse(conversation);
        foreach (var appointment in appointments)
        {
            await stage.Mirror(appointment);
        }

        await stage.Pass(1);
        await Redrive(stage, conversation);
        await stage.Pass(1);
        Assert.Equal(Core.Incidents.CrmIncidents.MostParked, await ParkedNow());
        await stage.Pass(1);
        Assert.Equal(0, await ParkedNow());

        async Task<int> ParkedNow()
        {
            var count = 0;
            foreach (var appointment in appointments)
            {
                count += (await stage.World.Todo(appointment)).Behind is null ? 0 : 1;
            }

            return count;
        }
    }

    private static async Task<(RecordRow Conversation, RecordRow Lead)> Parked(IncidentStage stage)
    {
        var conversation = await stage.World.Conversation();
        var lead = await stage.World.Lead(conversation);
        await stage.Refuse(conversation);
        await stage.Mirror(lead);
        return (conversation, lead);
    }

    private static async Task Redrive(IncidentStage stage, RecordRow record)
    {
        var stored = await stage.World.Store.Get<Core.Outbox.TodoRow>(Partition.Of(stage.World.Tenant), record.Debt!.RowKey, default);
        Assert.True(await stage.World.Store.TryReplace("Records", Partition.Of(stage.World.Tenant), stored! with { Row = stored.Row.Afresh() }, default));
    }

    private static (DateTimeOffset? FailedAt, string? Error, string? Behind) Standing(Core.Outbox.TodoRow row) => (row.FailedAt, row.Error, row.Behind);
}
