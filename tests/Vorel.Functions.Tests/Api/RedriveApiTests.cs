using System.Text.Json.Nodes;
using Vorel.Core.Messaging;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class RedriveApiTests
{
    private static readonly Task<ApiHarness> s_api = ApiHarness.Start();

    [Fact]
    public async Task A_redrive_is_accepted_with_its_address_which_says_how_far_it_is()
    {
        var api = await s_api;
        var (tenant, _) = await TenantWithLead(api);

        var started = await api.Operator.Post(Path(tenant), """{"rate":20}""");

        Assert.Equal(202, started.Status);
        Assert.Equal($"{Path(tenant)}/{started.Text("id")}", started.Headers.Location!.OriginalString);
        var shown = (await api.Operator.Get(started.Headers.Location.OriginalString)).Json;
        Assert.Equal((2, false), (shown["still_owed"]!.GetValue<int>(), shown["still_owed_more"]!.GetValue<bool>()));
        Assert.True(shown.Remove("still_owed") && shown.Remove("still_owed_more"));
        Assert.True(JsonNode.DeepEquals(started.Json, shown));
        var moment = started.Text("started_at");
        Assert.Equal(
            $$"""{"id":"{{started.Text("id")}}","scope":"tenant","record":null,"incident":null,"rate":20,"state":"running","total":2,"redriven":0,"started_at":"{{moment}}","finished_at":null}""",
            started.Body);
        Assert.Contains(api.Queue.Messages(WorkQueues.Commands), message => message.Body.Contains(started.Text("id"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_or_an_incidents_type_may_be_named_and_ten_rows_a_second_are_the_rule()
    {
        var api = await s_api;
        var (tenant, lead) = await TenantWithLead(api);

        var record = await api.Operator.Post(Path(tenant), $$"""{"record":"lead:{{lead}}"}""");
        var incident = await api.Operator.Post(Path(tenant), """{"incident":"crm_sync_failure"}""");

        Assert.Equal(("record", $"lead:{lead}", 1, 10), (record.Text("scope"), record.Text("record"), record.Json["total"]!.GetValue<int>(), record.Json["rate"]!.GetValue<int>()));
        Assert.Equal(("incident", "crm_sync_failure", 2), (incident.Text("scope"), incident.Text("incident"), incident.Json["total"]!.GetValue<int>()));
        var listed = (await api.Operator.Get(Path(tenant))).Json["data"]!.AsArray();
        Assert.Equal([incident.Text("id"), record.Text("id")], listed.Select(redrive => redrive!["id"]!.GetValue<string>()));
        Assert.Equal(202, (await api.Operator.Post(Path(tenant), """{"record":null,"incident":null,"rate":null}""")).Status);
    }

    [Fact]
    public async Task An_incident_may_be_named_by_its_id()
    {
        var api = await s_api;
        var (tenant, _) = await TenantWithLead(api);
        var incident = await api.Incident(tenant, "crm_sync_failure", "custom_webhook");

        var started = await api.Operator.Post(Path(tenant), $$"""{"incident":"{{incident}}"}""");

        Assert.Equal((202, "incident", "crm_sync_failure"), (started.Status, started.Text("scope"), started.Text("incident")));
        Assert.Equal(started.Body, (await api.Operator.Post(Path(tenant), """{"incident":"crm_sync_failure"}""")).Body);
        Assert.Equal(404, (await api.Operator.Post(Path(tenant), $$"""{"incident":"{{Guid.CreateVersion7():D}}"}""")).Status);
        Assert.Equal(404, (await api.Operator.Post(Path(await api.Tenant()), $$"""{"incident":"{{incident}}"}""")).Status);
    }

    [Fact]
    public async Task An_incident_of_dead_letters_has_no_redrive_and_the_answer_says_why()
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var incident = await api.Incident(tenant, "webhook_dead_letter", Guid.CreateVersion7().ToString("D"));

        foreach (var name in new[] { incident, "webhook_dead_letter" })
        {
            var answer = await api.Operator.Post(Path(tenant), $$"""{"incident":"{{name}}"}""");
            Assert.Equal((400, "validation_error"), (answer.Status, answer.Code));
            var error = answer.Json["errors"]![0]!;
            Assert.Equal("/incident", error["pointer"]!.GetValue<string>());
            Assert.Contains("about deliveries to a webhook subscription", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_nothing_is_owed_it_is_finished_and_a_second_start_gives_the_one_that_runs()
    {
        var api = await s_api;
        var nothing = await api.Operator.Post(Path(await api.Tenant()), "{}");
        Assert.Equal((202, "finished", 0), (nothing.Status, nothing.Text("state"), nothing.Json["total"]!.GetValue<int>()));

        var (tenant, _) = await TenantWithLead(api);
        var first = await api.Operator.Post(Path(tenant), "{}");
        Assert.Equal(first.Body, (await api.Operator.Post(Path(tenant), """{"rate":50}""")).Body);
    }

    [Fact]
    public async Task A_record_or_a_redrive_that_is_not_there_is_404()
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var record = await api.Operator.Post(Path(tenant), $$"""{"record":"lead:{{Guid.CreateVersion7():D}}"}""");
        Assert.Equal((404, "not_found"), (record.Status, record.Code));
        Assert.Equal(404, (await api.Operator.Get($"{Path(tenant)}/{Guid.CreateVersion7():D}")).Status);
        Assert.Equal(404, (await api.Operator.Get($"{Path(tenant)}/x")).Status);
    }

    private static string Path(string tenant) => $"/api/tenant/{tenant}/redrives";

    private static async Task<(string Tenant, string Lead)> TenantWithLead(ApiHarness api)
    {
        var tenant = await api.Tenant();
        var client = await api.Key(tenant, "read", "leads:write", "conversations:write");
        var conversation = (await client.Post("/v1/conversations", """{"channel":"webform","customer_identifier":"ada@example.com"}""")).Text("id");
        return (tenant, (await client.Post("/v1/leads", $$"""{"conversation_id":"{{conversation}}"}""")).Text("id"));
    }
}
