using System.Text.Json.Nodes;
using Vorel.Durable.Protocol;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.LocalHost.Durable.Recording;
using Vorel.Testing;
using static Vorel.EndToEnd.Tests.Golden.MirrorStageFixture;

namespace Vorel.EndToEnd.Tests.Golden;

/// <summary>The paths of <c>RecordLifecycle</c> on real processes, each held against its golden history.</summary>
[Trait("Area", "host")]
public sealed class RecordLifecycleScenarios(MirrorStageFixture fixture) : IClassFixture<MirrorStageFixture>
{
    private const string Orchestrator = "RecordLifecycle";
    private readonly GoldenStage _stage = fixture.Stage;
    private readonly TestTenant _tenant = fixture.Tenant;

    [Fact]
    public async Task A_record_is_created_at_once_and_nothing_is_left_to_do()
    {
        var id = await _tenant.PostConversation();
        GoldenStage.Keep("created-at-once", await _stage.RunToEnd(Conversation(id)));

        await _stage.Start(Orchestrator, Conversation(id), Input("conversation", id));

        GoldenStage.Keep("nothing-to-do", await _stage.End(Conversation(id)));
    }

    [Fact]
    public async Task A_crm_that_fails_is_asked_again()
    {
        fixture.Crm(Refused(500), Created);

        GoldenStage.Keep("created-after-a-500", await _stage.RunToEnd(Conversation(await _tenant.PostConversation())));
    }

    [Fact]
    public async Task A_crm_that_is_away_for_a_day_is_asked_until_it_is_back()
    {
        const int Failures = 26;
        fixture.Crm([.. Enumerable.Repeat(Refused(503), Failures), Created]);
        var instance = Conversation(await _tenant.PostConversation());

        var executions = new List<RecordedHistory>();
        while (executions is not [.., { Outcome: nameof(OrchestrationStatus.Completed) }])
        {
            executions.Add(await _stage.RunToEnd(instance));
        }

        Assert.Equal(Failures + 1, fixture.Writes);
        Assert.Equal(4, executions.Count);
        GoldenStage.Keep("crm-away-then-as-new", executions[0]);
        GoldenStage.Keep("crm-still-away-then-as-new", executions[1]);
        GoldenStage.Keep("crm-back-after-a-day", executions[^1]);
    }

    [Fact]
    public async Task A_crm_that_refuses_a_record_ends_its_way()
    {
        fixture.Crm(Refused(422));

        GoldenStage.Keep("refused-by-the-crm", await _stage.RunToEnd(Conversation(await _tenant.PostConversation())));
    }

    [Fact]
    public async Task A_redrive_writes_what_was_refused()
    {
        fixture.Crm(Refused(422), Created);
        var id = await _tenant.PostConversation();
        await _stage.RunToEnd(Conversation(id));

        await Redrive(id);

        GoldenStage.Keep("redriven-after-a-refusal", await _stage.RunToEnd(Conversation(id)));
    }

    [Fact]
    public async Task A_redrive_cuts_a_wait_short()
    {
        fixture.Crm(Refused(503), Refused(503), Created);
        var id = await _tenant.PostConversation();
        await Eventually.True(_stage.Stack.TryAdvanceToNext, "the wait for the second write began");
        await Eventually.True(async () => fixture.Writes == 2 && await Waits(Conversation(id)), "the wait for the third began");

        await Redrive(id);

        GoldenStage.Keep("redriven-during-a-wait", await _stage.End(Conversation(id)));
    }

    [Fact]
    public async Task A_change_cuts_a_wait_short_and_a_child_waits_for_its_parent()
    {
        fixture.Crm(Refused(500), Refused(500), Refused(500), Refused(500), Created);
        var conversation = await _tenant.PostConversation();
        for (var failures = 2; failures <= 4; failures++)
        {
            var wanted = failures;
            await Eventually.True(_stage.Stack.TryAdvanceToNext, "the wait for the next write began");
            await Eventually.True(() => fixture.Writes == wanted, $"write {wanted} was made");
        }

        var lead = await _tenant.Api.Expect(HttpMethod.Post, "/v1/leads", new JsonObject { ["conversation_id"] = conversation }, CancellationToken.None);
        var instance = $"record:{_tenant.Id}:lead:{lead["id"]!.GetValue<string>()}";
        await Eventually.True(() => Waits(instance), "the lead waits for its conversation");
        await _tenant.Api.Expect(HttpMethod.Patch, $"/v1/conversations/{conversation}", new JsonObject { ["customer_name"] = "Ada" }, CancellationToken.None);

        GoldenStage.Keep("changed-during-a-wait", await _stage.End(Conversation(conversation)));
        GoldenStage.Keep("waits-for-its-parent", await _stage.RunToEnd(instance));
    }

    [Fact]
    public async Task A_change_during_the_last_write_leads_to_another()
    {
        var held = new HeldAnswer(Created);
        fixture.Crm(context => held.Answer(1, context), Created);
        var instance = Conversation(await _tenant.PostConversation());
        await held.Arrived;
        var before = (await _stage.Hub.GetInstanceAsync(instance))!.LastUpdatedAt;

        await _stage.Hub.RaiseEventAsync(instance, "changed");
        await Eventually.True(async () => (await _stage.Hub.GetInstanceAsync(instance))!.LastUpdatedAt > before, "the event had its turn");
        held.Release();

        GoldenStage.Keep("changed-during-the-write", await _stage.RunToEnd(instance));
    }

    [Fact]
    public async Task A_write_that_is_lost_with_its_process_is_made_again()
    {
        var held = new HeldAnswer(Created);
        fixture.Crm(context => held.Answer(1, context), Created);
        var instance = Conversation(await _tenant.PostConversation());
        await held.Arrived;

        await _stage.KillHandler();

        GoldenStage.Keep("write-lost-then-created", await _stage.RunToEnd(instance));
    }

    [Fact]
    public async Task A_record_whose_calls_all_fail_ends_unfinished()
    {
        const string Id = "01a1fd74-fa09-7de3-ab90-dc88294bb514";
        await _stage.Start(Orchestrator, "record:nobody", Input("no-such-kind", Id));

        GoldenStage.Keep("every-call-fails-until-unfinished", await _stage.RunToEnd("record:nobody"));
    }

    private async Task<bool> Waits(string instance) =>
        (await _stage.Stack.Dump()).Any(line => line.Contains($" {instance} timer|", StringComparison.Ordinal));

    private Task<JsonObject> Redrive(string conversation) => _stage.Stack.Operator.Expect(
        HttpMethod.Post, $"/api/tenant/{_tenant.Id}/redrives", new JsonObject { ["record"] = $"conversation:{conversation}" }, CancellationToken.None);

    private string Conversation(string id) => $"record:{_tenant.Id}:conversation:{id}";

    private JsonObject Input(string kind, string id) => new() { ["tenant"] = _tenant.Id, ["kind"] = kind, ["id"] = id };
}
