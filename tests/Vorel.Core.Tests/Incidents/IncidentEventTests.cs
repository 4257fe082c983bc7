using Vorel.Core.Alerts;
using Vorel.Core.Due;
using Vorel.Core.Incidents;
using Vorel.Core.Json;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

public sealed class IncidentEventTests
{
    [Fact]
    public async Task That_an_incident_opened_and_closed_is_published_once_each()
    {
        var stage = await Stage();
        await stage.Open();
        await stage.Pass(30);
        var incident = await stage.Only();
        var id = incident.Id.ToString("D");
        Assert.Equal(
            [($"{id}:opened",
                $$$"""{"v":1,"id":"{{{id}}}:opened","type":"incident.opened","tenant":"{{{stage.World.Tenant}}}","occurred_at":"{{{WireTime.Format(incident.OpenedAt)}}}","data":{"subject":"{{{id}}}","first_error":"validation_error","incident_subject":"custom_webhook","incident_type":"crm_sync_failure"}}""")],
            stage.World.Events.Published);

        await stage.Mend();
        await stage.Pass(12);
        incident = await stage.Only();
        Assert.Equal(2, stage.World.Events.Published.Count);
        Assert.Equal(
            ($"{id}:closed",
                $$$"""{"v":1,"id":"{{{id}}}:closed","type":"incident.closed","tenant":"{{{stage.World.Tenant}}}","occurred_at":"{{{WireTime.Format(incident.ClosedAt!.Value)}}}","data":{"subject":"{{{id}}}","closed_because":"resolved","first_error":"validation_error","incident_subject":"custom_webhook","incident_type":"crm_sync_failure"}}"""),
            stage.World.Events.Published[^1]);
        Assert.Equal(0, EventHints(stage));
    }

    [Fact]
    public async Task Where_nobody_is_to_be_told_nothing_is_filed_written_or_asked()
    {
        var stage = await IncidentStage.Start();
        await stage.Open();
        await stage.Pass(12);
        await stage.Mend();
        await stage.Pass(12);

        Assert.NotNull((await stage.Only()).ClosedAt);
        Assert.Equal(0, stage.World.Events.Tries);
        Assert.Equal(0, EventHints(stage));
        string[] columns = ["opened_error", "opened_published_at", "closed_published_at"];
        Assert.DoesNotContain(stage.World.Store.Inner.Dump(), entry => entry.Table == "Incidents" && entry.Row.Columns.Keys.Intersect(columns).Any());
    }

    [Fact]
    public async Task Hints_that_are_left_from_when_there_was_somebody_to_tell_are_used_up()
    {
        var stage = await Stage();
        await stage.Open();
        Assert.True(EventHints(stage) > 0);
        stage.World.Events.IsConfigured = false;
        await stage.Pass(12);

        Assert.Equal((0, 0), (EventHints(stage), stage.World.Events.Tries));
    }

    [Fact]
    public async Task An_incident_that_is_open_when_somebody_is_there_to_be_told_is_told_of_then()
    {
        var stage = await WebhookIncidentStage.Start();
        await stage.DeadLetter("first");
        await stage.Pass(12);
        stage.World.Events.IsConfigured = true;
        await stage.Pass(12);

        var incident = await stage.Only();
        var (id, body) = Assert.Single(stage.World.Events.Published);
        Assert.Equal($"{incident.Id:D}:opened", id);
        Assert.Contains($"\"incident_subject\":\"{stage.Subscription.Id:D}\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_without_the_bus_loses_no_event_tells_people_once_an_hour_and_of_the_incident_once()
    {
        var stage = await Stage();
        stage.World.Events.Refuses = true;
        await stage.Open();
        for (var look = 0; look < 300; look++)
        {
            await stage.Pass(5);
            Assert.Equal(1, EventHints(stage));
        }

        Assert.InRange(stage.World.Events.Tries, 250, 301);
        Assert.Equal(1, stage.World.Alerts.Count(AlertCode.IncidentOpened));
        Assert.InRange(stage.World.Alerts.Count(AlertCode.EventsNotPublished), 24, 26);
        Assert.Equal(0, stage.World.Alerts.Count(AlertCode.HintFailed));
        Assert.Contains(stage.World.Alerts.Raised, alert => alert is { Code: AlertCode.EventsNotPublished, Cause: "503" });

        // Closed before its opening is out.
        await stage.Mend();
        await stage.Pass(30);
        var id = (await stage.Only()).Id;
        Assert.NotNull((await stage.Only()).ClosedAt);
        stage.World.Events.Refuses = false;
        await stage.Pass(6);

        Assert.Equal([$"{id:D}:opened", $"{id:D}:closed"], stage.World.Events.Published.Select(published => published.Id));
        Assert.Equal(0, EventHints(stage));
    }

    [Fact]
    public async Task However_many_incidents_wait_a_bus_that_is_away_costs_one_try_and_one_that_is_back_gets_them_all()
    {
        var stage = await Stage();
        stage.World.Events.Refuses = true;
        for (var number = 0; number < 20; number++)
        {
            await stage.World.Incidents.Report(
                stage.World.Tenant,
                now => new DueRow(stage.World.Tenant, DueKind.Tombstone, "none", now.AddDays(30)),
                IncidentType.WebhookDeadLetter,
                $"subscription-{number}",
                row => row with { AlertedAt = row.OpenedAt },
                default);
        }

        await stage.Pass(1);
        Assert.Equal(1, stage.World.Events.Tries);
        await stage.Pass(5);
        Assert.Equal(2, stage.World.Events.Tries);
        Assert.Equal(20, EventHints(stage));

        stage.World.Events.Refuses = false;
        await stage.Pass(5);
        Assert.Equal(20, stage.World.Events.Published.Count);
    }

    [Fact]
    public async Task An_incident_whose_first_failure_comes_later_is_told_of_in_the_same_bytes_each_time()
    {
        var stage = await Stage();
        stage.World.Store.BeforeCommit = (table, writes, _) =>
            table == "Incidents" && writes is [RowWrite.Replace replace] && replace.Columns.ContainsKey("opened_published_at") ? throw new StoreUnavailableException("scripted") : Task.CompletedTask;
        await stage.World.Incidents.Report(stage.World.Tenant, Hint, IncidentType.WebhookDeadLetter, "s", row => row with { AlertedAt = row.OpenedAt }, default);
        await stage.Pass(2);
        await stage.World.Incidents.Report(stage.World.Tenant, Hint, IncidentType.WebhookDeadLetter, "s", row => row with { FirstError = "timeout" }, default);
        await stage.Pass(5);

        Assert.InRange(stage.World.Events.Published.Count, 2, 10);
        Assert.Single(stage.World.Events.Published.Distinct());
        Assert.DoesNotContain("timeout", stage.World.Events.Published[0].Body, StringComparison.Ordinal);

        DueRow Hint(DateTimeOffset now) => new(stage.World.Tenant, DueKind.Tombstone, "none", now.AddDays(30));
    }

    internal static int EventHints(IncidentStage stage) =>
        stage.World.Store.Inner.Dump().Count(entry => entry.Table == "Due" && entry.Row.Key.Contains("|incident|", StringComparison.Ordinal));

    private static async Task<IncidentStage> Stage()
    {
        var stage = await IncidentStage.Start();
        stage.World.Events.IsConfigured = true;
        return stage;
    }
}
