using Vorel.Core.Crm;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Incidents;
using Vorel.Core.Outbox;
using Vorel.Core.Redrives;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Redrives;

/// <summary>What a redrive takes up, whatever else happens to it meanwhile.</summary>
public sealed class TakenUpTests
{
    [Fact]
    public async Task What_the_CRM_refused_reaches_it_once_it_was_mended()
    {
        var stage = await RedriveStage.Connected();
        var conversation = await stage.Refused("1");
        await Platform.Minutes(stage.World, 10);
        Assert.Empty(stage.World.Crm.Calls);

        var redrive = await stage.Start();
        await Platform.Minutes(stage.World, 1);
        Assert.Equal(conversation.Id.ToString("D"), Assert.Single(stage.World.Crm.Calls).Key);
        Assert.Equal((RedriveState.Finished, new OwedCount(0, More: false)), ((await stage.Progress(redrive)).Redrive.State, (await stage.Progress(redrive)).Owed));
    }

    [Fact]
    public async Task A_record_that_is_written_while_it_is_taken_up_reaches_the_CRM_as_it_is_then_and_once()
    {
        var stage = await RedriveStage.Connected();
        var conversation = await stage.Refused("1");
        await stage.Start();
        stage.World.Plan.Meanwhile = async _ =>
        {
            stage.World.Plan.Meanwhile = null;
            await stage.World.Patch(conversation, """{"customer_name":"Ada"}""");
        };
        await Platform.Minutes(stage.World, 5);
        Assert.Equal(1, stage.World.Crm.Records);
        Assert.Equal("Ada", (string?)stage.World.Crm.Calls[^1].Fields.Values["customer_name"]);
        Assert.Empty(stage.World.Keys("todo|"));
    }

    [Fact]
    public async Task A_refusal_that_comes_between_the_look_and_the_write_is_taken_back()
    {
        var stage = new RedriveStage();
        var row = (await stage.Owe(1, row => row with { Attempts = 1, NotBefore = row.Since.AddHours(1) }))[0];
        var redrive = await stage.Start();
        stage.World.Store.BeforeCommit = async (_, _, _) =>
        {
            stage.World.Store.BeforeCommit = null;
            await stage.World.Store.Inner.Commit(TodoRow.Table, Partition.Of(stage.Tenant), [TypedRows.Upsert(RedriveStage.Failed(row))], default);
        };

        await stage.Slice();

        Assert.Equal(row.Afresh() with { Redrive = redrive.Id }, await stage.Row(row));
        Assert.Single(stage.Checks);
    }

    [Fact]
    public async Task What_the_CRM_before_refuses_while_another_is_connected_meets_another_version_of_the_row()
    {
        var stage = await RedriveStage.Connected();
        var conversation = await stage.World.Conversation();
        stage.World.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.AuthError, "revoked", retryable: false));
        var before = await stage.World.Store.Get<TodoRow>(Partition.Of(stage.Tenant), conversation.Debt!.RowKey, default);
        stage.World.Store.BeforeCommit = async (table, _, _) =>
        {
            if (table == "Due")
            {
                // The refusal is known, and not yet written.
                stage.World.Store.BeforeCommit = null;
                await stage.World.Connect("https://new.example.com/in");
                await stage.World.FinishRedrives();
            }
        };

        Assert.IsType<MirrorStep.Retry>(await stage.World.Mirror.Mirror(stage.Tenant, conversation.Kind, conversation.Id, default));

        Assert.Null(before!.Row.FailedAt);
        Assert.Null((await stage.World.Todo(conversation)).FailedAt);
    }

    [Fact]
    public async Task An_incident_whose_rows_lie_behind_ten_thousand_others_is_redriven_all_the_same()
    {
        var stage = new RedriveStage();
        await stage.Owe(OwedRows.MostScanned + 1);
        var last = new TodoRow("message", stage.World.Ids.Next(), 1, stage.World.Domain.GetUtcNow()) { Error = "unsupported", FailedAt = stage.World.Domain.GetUtcNow() };
        await stage.World.Store.Inner.Commit(TodoRow.Table, Partition.Of(stage.Tenant), [TypedRows.Insert(last)], default);

        var redrive = await stage.Start(new RedriveScope.Incident(IncidentType.CrmObjectUnsupported));
        Assert.Equal(RedriveState.Running, redrive.State);
        await stage.World.FinishRedrives();

        Assert.Equal((RedriveState.Finished, 1L), ((await stage.Progress(redrive)).Redrive.State, (await stage.Progress(redrive)).Redrive.Redriven));
        Assert.Null((await stage.Row(last)).FailedAt);
    }
}
