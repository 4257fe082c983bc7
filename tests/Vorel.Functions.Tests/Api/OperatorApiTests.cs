using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class OperatorApiTests
{
    private static readonly Task<ApiHarness> s_api = ApiHarness.Start();

    public static TheoryData<string, string> Calls => new()
    {
        { "POST", "/api/tenant" },
        { "POST", "/api/tenant/{t}/api-keys" },
        { "DELETE", "/api/tenant/{t}/api-keys/{i}" },
        { "GET", "/api/crm-providers" }, { "GET", "/api/tenant/{t}/crm" },
        { "PUT", "/api/tenant/{t}/crm" }, { "DELETE", "/api/tenant/{t}/crm" },
        { "POST", "/api/tenant/{t}/crm/oauth" }, { "POST", "/api/tenant/{t}/crm/archive/oauth" }, { "GET", "/api/tenant/{t}/crm/credentials" },
        { "POST", "/api/tenant/{t}/crm/credentials/{i}/test" }, { "DELETE", "/api/tenant/{t}/crm/credentials/{i}" },
        { "PUT", "/api/tenant/{t}/crm/archive" },
        { "DELETE", "/api/tenant/{t}/crm/archive" },
        { "POST", "/api/tenant/{t}/webhook-subscriptions" },
        { "GET", "/api/tenant/{t}/webhook-subscriptions" },
        { "GET", "/api/tenant/{t}/webhook-subscriptions/{i}" },
        { "DELETE", "/api/tenant/{t}/webhook-subscriptions/{i}" },
        { "GET", "/api/tenant/{t}/deliveries" },
        { "GET", "/api/tenant/{t}/deliveries/{i}" },
        { "GET", "/api/tenant/{t}/incidents" },
        { "GET", "/api/tenant/{t}/incidents/{i}" },
        { "POST", "/api/tenant/{t}/redrives" },
        { "GET", "/api/tenant/{t}/redrives" },
        { "GET", "/api/tenant/{t}/redrives/{i}" },
        { "GET", "/api/tenant/{t}/audit" },
        { "POST", "/api/tenant/{t}/audit/verify" },
    };

    [Fact]
    public async Task A_new_key_is_shown_once_works_and_is_stored_nowhere()
    {
        var api = await s_api;
        var tenant = await api.Tenant();

        var issued = await api.IssueKey(tenant, "read", "leads:write");

        Assert.Equal(201, issued.Status);
        var key = issued.Text("key");
        Assert.Matches("^vapk_live_[0-9a-f]{48}$", key);
        Assert.Equal(key[..22], issued.Text("prefix"));
        Assert.Equal(key[^4..], issued.Text("last_four"));
        Assert.Equal(200, (await api.As(key).Get("/v1/leads")).Status);
        Assert.DoesNotContain(key[22..], api.Dump(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_subscription_shows_its_secret_in_the_answer_that_made_it_and_never_again()
    {
        var api = await s_api;
        var path = $"/api/tenant/{await api.Tenant()}/webhook-subscriptions";

        var created = await api.Operator.Post(
            path, """{"target_url":"https://hooks.example.com/vorel","events":["lead.created"],"description":"CRM"}""");

        Assert.Equal(201, created.Status);
        var secret = created.Text("secret");
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", secret);
        Assert.Equal(secret[..12], created.Text("secret_prefix"));
        Assert.Equal("active", created.Text("status"));
        var shown = await api.Operator.Get($"{path}/{created.Text("id")}");
        Assert.False(shown.Json.ContainsKey("secret"));
        var listed = Assert.Single((await api.Operator.Get(path)).Json["data"]!.AsArray());
        Assert.True(JsonNode.DeepEquals(shown.Json, listed));
        Assert.DoesNotContain(secret[12..], api.Dump(), StringComparison.Ordinal);

        Assert.Equal(204, (await api.Operator.Delete($"{path}/{created.Text("id")}")).Status);
        Assert.Equal(404, (await api.Operator.Get($"{path}/{created.Text("id")}")).Status);
        Assert.Equal(404, (await api.Operator.Delete($"{path}/{created.Text("id")}")).Status);
    }

    [Fact]
    public async Task A_crm_is_connected_with_the_callers_secret_or_one_of_ours()
    {
        var api = await s_api;
        var path = $"/api/tenant/{await api.Tenant()}/crm";

        var ours = await api.Operator.Put(path, """{"provider":"custom_webhook","url":"https://crm.example.com/in"}""");
        var theirs = await api.Operator.Put(
            path, """{"provider":"custom_webhook","url":"https://crm.example.com/in","secret":"a-secret-of-the-callers-own"}""");

        Assert.Equal((200, "active"), (ours.Status, ours.Text("status")));
        Assert.StartsWith("whsec_", ours.Text("secret"), StringComparison.Ordinal);
        Assert.Equal("a-secret-of-the-callers-own", theirs.Text("secret"));
        Assert.Empty(theirs.Json["warnings"]!.AsArray());
        Assert.DoesNotContain("a-secret-of-the-callers-own", api.Dump(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crm_and_an_archive_are_shown_without_what_opens_them_and_taken_away_with_it()
    {
        var api = await s_api;
        var path = $"/api/tenant/{await api.Tenant()}/crm";
        const string Nothing = """{"provider":null,"status":"disconnected","connected_at":null,"failed":null,"pending":null,"archive":null,"cannot_hold":null}""";
        Assert.Equal(Nothing, (await api.Operator.Get(path)).Body);
        Assert.Equal(404, (await api.Operator.Delete(path)).Status);
        Assert.Equal(404, (await api.Operator.Delete(path + "/archive")).Status);

        var crm = await api.Operator.Put(path, """{"provider":"custom_webhook","url":"https://crm.example.com/c4n4ry"}""");
        var archive = await api.Operator.Put(path + "/archive", """{"provider":"custom_webhook","url":"https://archive.example.com/c4n4ry"}""");
        Assert.Equal((200, 200), (crm.Status, archive.Status));
        var shown = await api.Operator.Get(path);
        Assert.True(JsonNode.DeepEquals(shown.Json, new JsonObject
        {
            ["provider"] = "custom_webhook",
            ["status"] = "active",
            ["connected_at"] = crm.Text("connected_at"),
            ["failed"] = null,
            ["pending"] = null,
            ["archive"] = new JsonObject
            {
                ["provider"] = "custom_webhook", ["status"] = "active", ["connected_at"] = archive.Text("connected_at"), ["failed"] = null, ["pending"] = null,
            },
            ["cannot_hold"] = new JsonArray(),
        }));

        Assert.Equal(204, (await api.Operator.Delete(path + "/archive")).Status);
        Assert.Null((await api.Operator.Get(path)).Json["archive"]);
        Assert.Equal(204, (await api.Operator.Delete(path)).Status);
        Assert.Equal(404, (await api.Operator.Delete(path)).Status);
        Assert.Equal(Nothing, (await api.Operator.Get(path)).Body);
    }

    [Fact]
    public async Task A_crm_that_does_not_take_its_test_is_pending_with_the_reason_and_what_was_connected_stays()
    {
        GuestsOnlyCrm? crm = null;
        await using var api = await ApiHarness.Start(services => services.AddSingleton<CrmDriverOpener>(_ => crm ?? new GuestsOnlyCrm()));
        var path = $"/api/tenant/{await api.Tenant()}/crm";
        const string Body = """{"provider":"custom_webhook","url":"https://crm.example.com/c4n4ry"}""";
        crm = new GuestsOnlyCrm { Refusal = new CrmException(CrmErrorCode.AuthError, "The receiver refused us.", retryable: false) };
        var first = await api.Operator.Put(path, Body);
        Assert.Equal((200, "pending", null), (first.Status, first.Text("status"), first.Json["connected_at"]));
        Assert.Equal("""{"code":"auth_error","detail":"The receiver refused us."}""", first.Json["reason"]!.ToJsonString());
        Assert.Equal(("custom_webhook", "pending"), ((await api.Operator.Get(path)).Text("provider"), (await api.Operator.Get(path)).Text("status")));
        Assert.Equal(404, (await api.Operator.Delete(path)).Status);

        crm = null;
        Assert.Equal("active", (await api.Operator.Put(path, Body)).Text("status"));
        crm = new GuestsOnlyCrm { Refusal = new CrmException(CrmErrorCode.ProviderUnavailable, "The receiver failed.", retryable: true) };
        var later = await api.Operator.Put(path, Body);
        Assert.Equal("pending", later.Text("status"));
        var shown = (await api.Operator.Get(path)).Json;
        Assert.Equal(("active", later.Text("credential")), ((string)shown["status"]!, (string)shown["pending"]!["credential"]!));
        Assert.Equal("""{"code":"provider_unavailable","detail":"The receiver failed."}""", shown["pending"]!["reason"]!.ToJsonString());
        Assert.Null(shown["failed"]);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("DELETE", "/archive")]
    public async Task A_query_on_a_connection_is_400_and_changes_nothing(string method, string path)
    {
        var api = await s_api;
        var crm = $"/api/tenant/{await api.Tenant()}/crm";
        await api.Operator.Put(crm, """{"provider":"custom_webhook","url":"https://crm.example.com/in"}""");
        await api.Operator.Put(crm + "/archive", """{"provider":"custom_webhook","url":"https://crm.example.com/in"}""");
        var before = api.Dump();
        Assert.Equal(400, (await api.Operator.Send(new HttpMethod(method), $"{crm}{path}?force=true", content: null)).Status);
        Assert.Equal(before, api.Dump());
    }

    [Fact]
    public async Task A_crm_that_cannot_hold_everything_is_connected_with_a_warning_until_there_is_an_archive()
    {
        await using var api = await ApiHarness.Start(services => services.AddSingleton<CrmDriverOpener>(context =>
            context.Credentials.GetProperty("url").GetString()!.Contains("guests", StringComparison.Ordinal) ? new GuestsOnlyCrm() : new GuestsOnlyCrm([.. Enum.GetValues<CrmObject>()])));
        var path = $"/api/tenant/{await api.Tenant()}/crm";
        const string Guests = """{"provider":"custom_webhook","url":"https://guests.example.com/"}""";
        const string All = """{"provider":"custom_webhook","url":"https://all.example.com/"}""";
        string[] rest = ["conversation", "lead", "message", "appointment", "case"];

        var warning = Assert.Single((await api.Operator.Put(path, Guests)).Json["warnings"]!.AsArray())!;
        Assert.Equal("crm_object_unsupported", (string?)warning["code"]);
        Assert.Equal(rest, warning["objects"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(rest, (await api.Operator.Get(path)).Json["cannot_hold"]!.AsArray().Select(name => (string?)name));

        Assert.Empty((await api.Operator.Put(path + "/archive", All)).Json["warnings"]!.AsArray());
        Assert.Empty((await api.Operator.Put(path, Guests)).Json["warnings"]!.AsArray());
        Assert.Empty((await api.Operator.Get(path)).Json["cannot_hold"]!.AsArray());
        await api.Operator.Delete(path + "/archive");
        Assert.Equal(rest.Length, (await api.Operator.Get(path)).Json["cannot_hold"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_tenant_without_events_has_no_deliveries()
    {
        var api = await s_api;
        var tenant = await api.Tenant();

        Assert.Equal("""{"data":[],"next_cursor":null,"has_more":false}""", (await api.Operator.Get($"/api/tenant/{tenant}/deliveries")).Body);
        Assert.Equal(404, (await api.Operator.Get($"/api/tenant/{tenant}/deliveries/{Guid.CreateVersion7():D}")).Status);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Without_the_operators_token_every_call_is_401_and_a_tenants_key_is_none(string method, string path)
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var key = (await api.IssueKey(tenant, "read", "leads:write", "crm:write")).Text("key");
        var target = path.Replace("{t}", tenant, StringComparison.Ordinal).Replace("{i}", Guid.CreateVersion7().ToString("D"), StringComparison.Ordinal);
        var before = api.Dump();

        foreach (var token in (string?[])[null, "", "vop_of_the_test", "VOP_OF_THE_TESTS", key])
        {
            var answer = await api.As(token).Send(new HttpMethod(method), target, content: null);
            Assert.Equal((401, "auth_error"), (answer.Status, answer.Code));
            Assert.Contains("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(before, api.Dump());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_tenant_that_is_not_there_is_404_whatever_is_asked_of_it(string method, string path)
    {
        if (!path.Contains("{t}", StringComparison.Ordinal))
        {
            return;
        }

        var api = await s_api;
        var before = api.Dump();

        foreach (var tenant in (string[])["x", Guid.CreateVersion7().ToString("D"), Guid.CreateVersion7().ToString("D").ToUpperInvariant()])
        {
            var target = path.Replace("{t}", tenant, StringComparison.Ordinal).Replace("{i}", "x", StringComparison.Ordinal);
            var answer = await api.Operator.Send(new HttpMethod(method), target, content: null);
            Assert.Equal((404, "not_found"), (answer.Status, answer.Code));
        }

        Assert.Equal(before, api.Dump());
    }

    [Theory]
    [InlineData("/api-keys", """{"name":"x"}""", "")]
    [InlineData("/api-keys", """{"name":"x","scopes":[]}""", "/scopes")]
    [InlineData("/api-keys", """{"name":"x","scopes":["all"]}""", "/scopes/0")]
    [InlineData("/api-keys", """{"name":"x","scopes":[1]}""", "/scopes/0")]
    [InlineData("/api-keys", """{"name":"x","scopes":["read"],"admin":true}""", "/admin")]
    [InlineData("/api-keys", """{"name":"x","name":"y","scopes":["read"]}""", "/name")]
    [InlineData("/webhook-subscriptions", """{"target_url":"http://hooks.example.com/","events":["lead.created"]}""", "/target_url")]
    [InlineData("/webhook-subscriptions", """{"target_url":"https://10.0.0.1/","events":["lead.created"]}""", "/target_url")]
    [InlineData("/webhook-subscriptions", """{"target_url":"https://hooks.example.com/","events":["lead.deleted"]}""", "/events/0")]
    [InlineData("/webhook-subscriptions", """{"target_url":null,"events":["lead.created"]}""", "/target_url")]
    [InlineData("/redrives", """{"rate":0}""", "/rate")]
    [InlineData("/redrives", """{"rate":51}""", "/rate")]
    [InlineData("/redrives", """{"rate":"10"}""", "/rate")]
    [InlineData("/redrives", """{"rate":1.5}""", "/rate")]
    [InlineData("/redrives", """{"rate":10,"rate":20}""", "/rate")]
    [InlineData("/redrives", """{"scope":"tenant"}""", "/scope")]
    [InlineData("/redrives", """{"record":"lead"}""", "/record")]
    [InlineData("/redrives", """{"record":"lead:x"}""", "/record")]
    [InlineData("/redrives", """{"record":"offering:0198c0de-0000-7000-8000-000000000000"}""", "/record")]
    [InlineData("/redrives", """{"record":"lead:0198c0de-0000-7000-8000-000000000000|x"}""", "/record")]
    [InlineData("/redrives", """{"record":["lead:0198c0de-0000-7000-8000-000000000000"]}""", "/record")]
    [InlineData("/redrives", """{"incident":"webhook_dead_letter"}""", "/incident")]
    [InlineData("/redrives", """{"incident":"CRM_SYNC_FAILURE"}""", "/incident")]
    [InlineData("/redrives", """{"incident":"x' or PartitionKey ne '"}""", "/incident")]
    [InlineData("/redrives", """{"incident":"crm_sync_failure","record":"lead:0198c0de-0000-7000-8000-000000000000"}""", "/incident")]
    public async Task A_bad_body_is_400_says_where_and_changes_nothing(string path, string body, string pointer)
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var before = api.Dump();

        var answer = await api.Operator.Post($"/api/tenant/{tenant}{path}", body);

        Assert.Equal((400, "validation_error"), (answer.Status, answer.Code));
        Assert.Contains(pointer, answer.Json["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));
        Assert.Equal(before, api.Dump());
    }

    [Theory]
    [InlineData("""{"provider":"hubspot","url":"https://crm.example.com/"}""", "/provider")]
    [InlineData("""{"provider":"custom_webhook","url":"https://localhost/"}""", "/url")]
    [InlineData("""{"provider":"custom_webhook","url":"https://crm.example.com/","secret":"short"}""", "/secret")]
    public async Task A_bad_connection_is_400(string body, string pointer)
    {
        var api = await s_api;
        foreach (var path in (string[])["/crm", "/crm/archive"])
        {
            var answer = await api.Operator.Put($"/api/tenant/{await api.Tenant()}{path}", body);
            Assert.Equal((400, "validation_error"), (answer.Status, answer.Code));
            Assert.Equal(pointer, answer.Json["errors"]![0]!["pointer"]!.GetValue<string>());
        }
    }
}
