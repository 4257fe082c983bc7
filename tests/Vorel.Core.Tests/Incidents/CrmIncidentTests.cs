using Vorel.Core.Alerts;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Incidents;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

public sealed class CrmIncidentTests
{
    public static TheoryData<CrmErrorCode, string> Refusals => new()
    {
        { CrmErrorCode.ValidationError, "crm_sync_failure" },
        { CrmErrorCode.AuthError, "crm_sync_failure" },
        { CrmErrorCode.Unsupported, "crm_object_unsupported" },
        { CrmErrorCode.RefreshFailed, "credential_refresh_failed" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_no_retry_mends_opens_an_incident_of_its_type_within_a_minute(CrmErrorCode code, string type)
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation, code);
        Assert.Empty(await stage.Incidents());

        await stage.Pass(1);

        var incident = await stage.Only();
        Assert.Equal((type, "custom_webhook", code.Wire(), code.Wire()), (incident.Type.Wire(), incident.Subject, incident.FirstError, incident.LastError));
        Assert.Equal(stage.World.Domain.GetUtcNow(), incident.OpenedAt);
        Assert.Equal([$"conversation:{conversation.Id:D}"], incident.Examples);
        Assert.Equal(
            new Alert(AlertCode.IncidentOpened, stage.World.Tenant, incident.Id.ToString("D"), type), Assert.Single(stage.World.Alerts.Raised));
        Assert.Equal(stage.World.Domain.GetUtcNow(), incident.AlertedAt);
    }

    [Fact]
    public async Task What_may_pass_opens_one_at_24_hours_and_not_a_second_before()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation, CrmErrorCode.ProviderUnavailable, retryable: true);

        stage.World.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await stage.Check(conversation);
        await stage.Look();
        Assert.Empty(await stage.Incidents());
        Assert.Empty(stage.Hints());
        Assert.False((await stage.World.Todo(conversation)).Escalated);

        stage.World.Advance(TimeSpan.FromSeconds(1));
        await stage.Look();
        Assert.Equal(("crm_sync_failure", "provider_unavailable"), ((await stage.Only()).Type.Wire(), (await stage.Only()).FirstError));
    }

    [Fact]
    public async Task A_closed_incident_is_kept_for_a_year_and_then_swept()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation);
        await stage.Pass(1);
        await stage.World.Connect();
        await stage.Pass(6);
        Assert.NotNull((await stage.Only()).ClosedAt);

        stage.World.Advance(TimeSpan.FromDays(364));
        await stage.World.Bulk.Sweep(default);
        Assert.Single(await stage.Incidents());
        stage.World.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(2));
        await stage.World.Bulk.Sweep(default);
        Assert.Empty(await stage.Incidents());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_24_hours_are_told_by_whoever_meets_the_row_and_once(bool byCheck)
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation, CrmErrorCode.ProviderUnavailable, retryable: true);
        stage.World.Advance(TimeSpan.FromHours(24));

        await Meet();
        Assert.True((await stage.World.Todo(conversation)).Escalated);
        Assert.Null((await stage.World.Todo(conversation)).FailedAt);
        Assert.Equal([stage.World.Domain.GetUtcNow() + TimeSpan.FromMinutes(1)], stage.Hints());

        stage.World.Advance(TimeSpan.FromSeconds(50));
        await Meet();
        stage.World.Advance(TimeSpan.FromSeconds(20));
        await Meet();
        Assert.Single(stage.Hints());
        await stage.Pass(10);
        Assert.Equal(1, stage.World.Alerts.Count(AlertCode.IncidentOpened));

        async Task Meet() => await (byCheck ? stage.Check(conversation) : stage.Refuse(conversation, CrmErrorCode.ProviderUnavailable, retryable: true));
    }

    [Fact]
    public async Task The_24_hours_count_from_when_the_CRM_was_connected()
    {
        var stage = new IncidentStage();
        var conversation = await stage.World.Conversation();
        stage.World.Advance(TimeSpan.FromDays(30));
        await stage.World.Connect();
        await stage.Check(conversation);
        await stage.Look();
        Assert.Empty(await stage.Incidents());
        Assert.False((await stage.World.Todo(conversation)).Escalated);

        stage.World.Advance(TimeSpan.FromHours(24));
        await stage.Check(conversation);
        await stage.Pass(1);
        var incident = await stage.Only();
        Assert.Equal((null, null), (incident.FirstError, incident.LastError));
        Assert.Equal(conversation.UpdatedAt, incident.OldestSince);
    }

    [Fact]
    public async Task Retrying_goes_on_after_it_was_told_and_the_incident_closes_by_itself()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation, CrmErrorCode.ProviderUnavailable, retryable: true);
        stage.World.Advance(TimeSpan.FromHours(24));
        await stage.Check(conversation);
        await stage.Pass(1);
        Assert.Null((await stage.Only()).ClosedAt);

        Assert.IsType<MirrorStep.Done>(await stage.Mirror(conversation));
        await stage.Pass(6);

        var incident = await stage.Only();
        Assert.Equal(("resolved", true), (incident.Because, incident.ClosedAt > incident.OpenedAt));
        Assert.StartsWith("closed|", incident.RowKey, StringComparison.Ordinal);
        Assert.Empty(stage.Hints());
    }

    [Fact]
    public async Task Five_hundred_rows_make_one_incident_with_one_alert_and_five_examples()
    {
        var stage = await IncidentStage.Start();
        for (var number = 0; number < 250; number++)
        {
            var conversation = await stage.World.Conversation($"caller {number}");
            var lead = await stage.World.Lead(conversation);
            await stage.Refuse(conversation, number == 0 ? CrmErrorCode.Conflict : CrmErrorCode.ValidationError);
            await stage.Mirror(lead);
            stage.World.Domain.Advance(TimeSpan.FromMilliseconds(100));
        }

        await stage.Pass(20);

        var incident = await stage.Only();
        Assert.Equal(new Dictionary<string, int> { ["conversation"] = 250, ["lead"] = 250 }, incident.Counts);
        Assert.Equal(("conflict", "validation_error"), (incident.FirstError, incident.LastError));
        Assert.Equal(5, incident.Examples.Count);
        Assert.All(incident.Examples, example => Assert.StartsWith("conversation:", example, StringComparison.Ordinal));
        Assert.Equal(1, stage.World.Alerts.Count(AlertCode.IncidentOpened));
        Assert.Empty(stage.World.Crm.Calls);
    }

    [Fact]
    public async Task Examples_show_parents_before_the_children_that_wait_for_them()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        var lead = await stage.World.Lead(conversation);
        var appointment = await Appointment(stage, lead);
        await stage.Refuse(conversation);
        await stage.Mirror(lead);
        await stage.Mirror(appointment);

        await stage.Look();

        Assert.Equal(
            [$"conversation:{conversation.Id:D}", $"lead:{lead.Id:D}", $"appointment:{appointment.Id:D}"], (await stage.Only()).Examples);
    }

    [Fact]
    public async Task Types_are_told_apart_and_close_apart()
    {
        var stage = await IncidentStage.Start();
        var refused = await stage.World.Conversation("refused");
        var unheld = await stage.World.Conversation("unheld");
        await stage.Refuse(refused);
        await stage.Refuse(unheld, CrmErrorCode.Unsupported);
        await stage.Pass(1);
        Assert.Equal(["crm_object_unsupported", "crm_sync_failure"], (await stage.Incidents()).Select(incident => incident.Type.Wire()));

        await stage.World.Patch(refused, """{"customer_name":"Ada"}""");
        await stage.Mirror(refused);
        await stage.Mirror(refused);
        await stage.Pass(6);
        Assert.Equal(
            [("crm_sync_failure", "resolved"), ("crm_object_unsupported", null)],
            (await stage.Incidents()).Select(incident => (incident.Type.Wire(), incident.Because)));
    }

    [Fact]
    public async Task What_stands_still_again_is_a_new_incident_with_an_alert_of_its_own()
    {
        var stage = await IncidentStage.Start();
        for (var times = 0; times < 2; times++)
        {
            var conversation = await stage.World.Conversation($"caller {times}");
            await stage.Refuse(conversation);
            await stage.Pass(2);
            await stage.World.Patch(conversation, """{"customer_name":"Ada"}""");
            await stage.Mirror(conversation);
            await stage.Mirror(conversation);
            await stage.Pass(6);
        }

        Assert.Equal(2, (await stage.Incidents()).Select(incident => incident.Id).Distinct().Count());
        Assert.All(await stage.Incidents(), incident => Assert.Equal("resolved", incident.Because));
        Assert.Equal(2, stage.World.Alerts.Count(AlertCode.IncidentOpened));
    }

    [Fact]
    public async Task Without_a_CRM_no_incident_stays_open_and_none_is_opened()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation);
        await stage.Pass(1);
        await stage.World.Store.Inner.Commit("TenantCredentials", Partition.Of(stage.World.Tenant), [new RowWrite.Delete("crm", "*")], default);

        Assert.Null(await stage.Look());
        Assert.Null(await stage.Look());

        Assert.Equal("disconnected", (await stage.Only()).Because);
    }

    [Fact]
    public async Task A_provider_in_the_place_of_another_closes_what_was_the_others()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation);
        await stage.Pass(1);
        var connection = (await stage.World.Store.Get("TenantCredentials", Partition.Of(stage.World.Tenant), "crm", default))!;
        await stage.World.Store.Inner.Commit(
            "TenantCredentials",
            Partition.Of(stage.World.Tenant),
            [new RowWrite.Upsert("crm", new Dictionary<string, object>(connection.Columns) { ["provider"] = "hubspot", ["credential"] = Guid.NewGuid() })],
            default);

        await stage.Look();

        Assert.Equal(
            [("custom_webhook", "replaced"), ("hubspot", null)], (await stage.Incidents()).Select(incident => (incident.Subject, incident.Because)));
    }

    [Fact]
    public async Task A_CRM_that_is_connected_anew_takes_the_rows_up_and_the_incident_closes()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation, CrmErrorCode.AuthError);
        await stage.Pass(1);

        await stage.World.Connect();
        await stage.Pass(6);

        Assert.Equal("resolved", (await stage.Only()).Because);
        Assert.Null((await stage.World.Todo(conversation)).FailedAt);
        Assert.Empty(stage.Hints());
    }

    private static async Task<RecordRow> Appointment(IncidentStage stage, RecordRow lead) => (await stage.World.Create(
        RecordKinds.Appointment,
        $$"""{"customer_name":"Ada","customer_phone":"+971500000001","scheduled_start":"2026-02-01T10:00:00Z","scheduled_end":"2026-02-01T11:00:00Z","lead_id":"{{lead.Id:D}}"}""")).Record;
}
