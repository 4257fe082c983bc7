using System.Text.Json.Nodes;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class AuditApiTests
{
    private static readonly Task<ApiHarness> s_api = ApiHarness.Start();

    [Fact]
    public async Task What_an_operator_does_is_listed_newest_first_with_who_did_it_in_which_request()
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var issued = await api.IssueKey(tenant, "read");
        var request = issued.Headers.GetValues("X-Request-Id").Single();
        var subscription = (await api.Operator.Post($"/api/tenant/{tenant}/webhook-subscriptions", """{"target_url":"https://hooks.example.com/in","events":["lead.created"]}""")).Text("id");
        await api.Operator.Delete($"/api/tenant/{tenant}/webhook-subscriptions/{subscription}");
        await api.Operator.Delete($"/api/tenant/{tenant}/api-keys/{issued.Text("id")}");

        var first = await api.Operator.Get($"{Path(tenant)}?limit=3");
        Assert.Equal(["api_key.revoked", "subscription.deleted", "subscription.created"], Actions(first));
        Assert.True(first.Json["has_more"]!.GetValue<bool>());
        var second = await api.Operator.Get($"{Path(tenant)}?limit=3&cursor={first.Text("next_cursor")}");
        Assert.Equal(["api_key.issued", "tenant.created"], Actions(second));
        Assert.False(second.Json["has_more"]!.GetValue<bool>());
        var entry = second.Json["data"]![0]!;
        Assert.Equal(
            $$$"""{"id":"{{{entry["id"]}}}","at":"{{{entry["at"]}}}","intact":true,"action":"api_key.issued","actor":{"kind":"operator","id":"development"},"request_id":"{{{request}}}","conversation_id":null,"subject":"{{{issued.Text("id")}}}","old":null,"new":null,"code":null,"counts":{}}""",
            entry.ToJsonString());
    }

    [Fact]
    public async Task A_month_that_nobody_touched_is_intact_and_one_that_was_is_told_where()
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        await api.IssueKey(tenant, "read");
        await api.IssueKey(tenant, "read");
        var month = (await api.Operator.Get(Path(tenant))).Json["data"]![0]!["at"]!.GetValue<string>()[..7];

        var sound = await Verify(api, tenant, month);
        Assert.Equal((200, true, 3), (sound.Status, sound.Json["intact"]!.GetValue<bool>(), sound.Json["rows"]!.GetValue<int>()));
        Assert.Null(sound.Json["first_break"]);

        var row = await Middle(api, tenant);
        await Put(api, tenant, row.Key, new Dictionary<string, object>(row.Columns) { ["action"] = "<b>Ada Example</b>" });
        var broken = await Verify(api, tenant, month);
        Assert.Equal((false, "changed", row.Key), (broken.Json["intact"]!.GetValue<bool>(), broken.Json["first_break"]!["kind"]!.GetValue<string>(), broken.Json["first_break"]!["row"]!.GetValue<string>()));

        var listed = (await api.Operator.Get($"{Path(tenant)}?month={month}")).Json["data"]![1]!;
        Assert.Equal((false, null), (listed["intact"]!.GetValue<bool>(), listed["action"]));
        Assert.DoesNotContain("Ada", listed.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?month=2026", "?month")]
    [InlineData("?month=", "?month")]
    [InlineData("?limit=101", "?limit")]
    [InlineData("?cursor=x", "?cursor")]
    [InlineData("?cursor=0198c0de-0000-7000-8000-000000000001", "?cursor")]
    [InlineData("?actor=x", "?actor")]
    public async Task A_query_that_is_none_is_refused(string query, string pointer)
    {
        var api = await s_api;
        var answer = await api.Operator.Get(Path(await api.Tenant()) + query);
        Assert.Equal((400, "validation_error"), (answer.Status, answer.Code));
        Assert.Equal(pointer, answer.Json["errors"]![0]!["pointer"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"month":"2026-13"}""", 400)]
    [InlineData("""{"month":"' or 1 eq 1"}""", 400)]
    [InlineData("""{"month":null}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("""{"month":"2026-01","repair":true}""", 400)]
    [InlineData("""{"month":"2026-01","cursor":"AAAA"}""", 400)]
    [InlineData("""{"month":"2026-02","cursor":"AZuNYnqAf4GfF627wgSohg"}""", 400)]
    [InlineData("""{"month":"2001-01"}""", 200)]
    public async Task A_month_to_verify_is_a_month(string body, int status)
    {
        var api = await s_api;
        Assert.Equal(status, (await api.Operator.Post(Path(await api.Tenant()) + "/verify", body)).Status);
    }

    [Fact]
    public async Task A_tenants_own_key_reads_no_log_and_another_tenants_cursor_is_none()
    {
        var api = await s_api;
        var (tenant, other) = (await api.Tenant(), await api.Tenant());
        var key = await api.Key(tenant, "read");
        Assert.Equal(401, (await key.Get(Path(tenant))).Status);
        Assert.Equal(401, (await key.Post(Path(tenant) + "/verify", """{"month":"2026-01"}""")).Status);
        var foreign = (await api.Operator.Get(Path(tenant))).Json["data"]![0]!["id"]!.GetValue<string>();
        Assert.Equal(400, (await api.Operator.Get($"{Path(other)}?cursor={foreign}")).Status);
    }

    [Fact]
    public async Task Nothing_that_a_caller_enters_comes_into_the_log()
    {
        var api = await s_api;
        const string Planted = "ada-example-qzxjk";
        var tenant = (await api.Operator.Post("/api/tenant", $$"""{"name":"{{Planted}}"}""")).Text("id");
        var issued = await api.Operator.Post($"/api/tenant/{tenant}/api-keys", $$"""{"name":"{{Planted}}","scopes":["read"]}""");
        var subscription = await api.Operator.Post(
            $"/api/tenant/{tenant}/webhook-subscriptions", $$"""{"target_url":"https://{{Planted}}.example.com/{{Planted}}","events":["lead.created"],"description":"{{Planted}}"}""");
        var connected = await api.Operator.Put($"/api/tenant/{tenant}/crm", $$"""{"provider":"custom_webhook","url":"https://{{Planted}}.example.com/in","secret":"{{Planted}}-{{Planted}}"}""");
        await api.Operator.Post($"/api/tenant/{tenant}/redrives", """{"rate":5}""");
        await api.Operator.Delete($"/api/tenant/{tenant}/crm");
        await api.Operator.Delete($"/api/tenant/{tenant}/webhook-subscriptions/{subscription.Text("id")}");
        await api.Operator.Delete($"/api/tenant/{tenant}/api-keys/{issued.Text("id")}");

        string[] secrets = [Planted, issued.Text("key"), issued.Text("key")[..22], subscription.Text("secret"), "whsec_"];
        Assert.Equal(200, connected.Status);
        var rows = api.Store.Dump().Where(entry => entry.Table == "AuditLog" && entry.Partition == tenant).ToList();
        Assert.InRange(rows.Count, 8, 20);
        foreach (var text in rows.SelectMany(entry => entry.Row.Columns.Select(column => column.Key + "=" + column.Value).Append(entry.Row.Key)))
        {
            Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static string Path(string tenant) => $"/api/tenant/{tenant}/audit";

    private static IEnumerable<string> Actions(ApiAnswer page) => page.Json["data"]!.AsArray().Select(entry => entry!["action"]!.GetValue<string>());

    private static Task<ApiAnswer> Verify(ApiHarness api, string tenant, string month) =>
        api.Operator.Post(Path(tenant) + "/verify", new JsonObject { ["month"] = month }.ToJsonString());

    private static Task<Row> Middle(ApiHarness api, string tenant) =>
        Task.FromResult(api.Store.Dump().Where(entry => entry.Table == "AuditLog" && entry.Partition == tenant).Select(entry => entry.Row).OrderBy(row => row.Key, StringComparer.Ordinal).ElementAt(1));

    private static Task Put(ApiHarness api, string tenant, string key, IReadOnlyDictionary<string, object> columns) =>
        api.Store.Commit("AuditLog", Partition.Of(new TenantId(Guid.Parse(tenant))), [new RowWrite.Upsert(key, columns)], default);
}
