using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class IncidentApiTests
{
    private static readonly Task<ApiHarness> s_api = ApiHarness.Start();
    private static readonly DateTimeOffset s_opened = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_open_and_a_closed_incident_are_listed_and_found()
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var open = Guid.CreateVersion7();
        var closed = Guid.CreateVersion7();
        await Add(api, tenant, "open|crm_sync_failure|custom_webhook", Columns(open));
        await Add(api, tenant, "closed|" + Uuid7.ToKey(closed), Columns(closed, ("closed_at", s_opened.AddHours(1)), ("closed_because", "resolved")));

        var shown = await api.Operator.Get($"/api/tenant/{tenant}/incidents/{open:D}");

        Assert.Equal(
            $$"""{"id":"{{open:D}}","type":"crm_sync_failure","subject":"custom_webhook","status":"open","opened_at":"2026-01-05T10:00:00.000Z","closed_at":null,"closed_because":null,"counts":{"conversation":3,"lead":4},"total":7,"oldest_since":"2026-01-04T09:00:00.000Z","first_error":"conflict","last_error":"validation_error","examples":["conversation:a","lead:b"]}""",
            shown.Body);
        var page = await api.Operator.Get($"/api/tenant/{tenant}/incidents?limit=1");
        Assert.Equal([open.ToString("D")], Ids(page));
        Assert.True(page.Json["has_more"]!.GetValue<bool>());
        var next = await api.Operator.Get($"/api/tenant/{tenant}/incidents?limit=1&cursor={page.Text("next_cursor")}");
        Assert.Equal([closed.ToString("D")], Ids(next));
        Assert.False(next.Json["has_more"]!.GetValue<bool>());
        Assert.Equal([open.ToString("D")], Ids(await api.Operator.Get($"/api/tenant/{tenant}/incidents?status=open")));
        Assert.Equal([closed.ToString("D")], Ids(await api.Operator.Get($"/api/tenant/{tenant}/incidents?status=closed")));
        var ended = await api.Operator.Get($"/api/tenant/{tenant}/incidents/{closed:D}");
        Assert.Equal(("closed", "resolved", "2026-01-05T11:00:00.000Z"), (ended.Text("status"), ended.Text("closed_because"), ended.Text("closed_at")));
    }

    [Fact]
    public async Task Another_tenants_incident_is_404_and_in_no_list()
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var neighbour = await api.Tenant();
        var id = Guid.CreateVersion7();
        await Add(api, tenant, "open|crm_sync_failure|custom_webhook", Columns(id));

        Assert.Equal((404, "not_found"), await Asked($"/api/tenant/{neighbour}/incidents/{id:D}"));
        Assert.Equal("""{"data":[],"next_cursor":null,"has_more":false}""", (await api.Operator.Get($"/api/tenant/{neighbour}/incidents")).Body);

        async Task<(int, string?)> Asked(string path)
        {
            var answer = await api.Operator.Get(path);
            return (answer.Status, answer.Code);
        }
    }

    [Theory]
    [InlineData("status=", "?status")]
    [InlineData("status=OPEN", "?status")]
    [InlineData("status=any", "?status")]
    [InlineData("status=open&status=open", "?status")]
    [InlineData("cursor=open.crm_sync_failure", "?cursor")]
    [InlineData("cursor=open.crm_sync_failure.a%7Cb", "?cursor")]
    [InlineData("cursor=open.x.custom_webhook", "?cursor")]
    [InlineData("status=closed&cursor=open.crm_sync_failure.custom_webhook", "?cursor")]
    [InlineData("type=crm_sync_failure", "?type")]
    public async Task A_bad_query_is_400_and_says_where(string query, string pointer)
    {
        var api = await s_api;

        var answer = await api.Operator.Get($"/api/tenant/{await api.Tenant()}/incidents?{query}");

        Assert.Equal((400, "validation_error"), (answer.Status, answer.Code));
        Assert.Equal(pointer, answer.Json["errors"]![0]!["pointer"]!.GetValue<string>());
    }

    private static IReadOnlyList<string> Ids(ApiAnswer page) => [.. page.Json["data"]!.AsArray().Select(incident => incident!["id"]!.GetValue<string>())];

    private static Dictionary<string, object> Columns(Guid id, params (string Name, object Value)[] more) =>
        new List<(string Name, object Value)>
        {
            ("incident", id),
            ("type", "crm_sync_failure"),
            ("subject", "custom_webhook"),
            ("opened_at", s_opened),
            ("counts", "conversation:3 lead:4"),
            ("oldest_since", s_opened.AddHours(-25)),
            ("first_error", "conflict"),
            ("last_error", "validation_error"),
            ("examples", "conversation:a lead:b"),
        }.Concat(more).ToDictionary(column => column.Name, column => column.Value);

    private static Task Add(ApiHarness api, string tenant, string key, Dictionary<string, object> columns)
    {
        Assert.True(TenantId.TryParse(tenant, out var owner));
        return api.Store.Commit("Incidents", Partition.Of(owner), [new RowWrite.Insert(key, columns)], default);
    }
}
