using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>What is another tenant's looks exactly like what is not there, and nothing a tenant does is felt by another.</summary>
[Trait("Area", "hostile")]
public sealed class TenantWallTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();
    private static readonly HashSet<string> s_ofThisRequest = new(StringComparer.OrdinalIgnoreCase) { "Date", "X-Request-Id" };

    /// <summary>Calls on {id}, by the tenant's key (T) or by the operator within the tenant (O), and whose id stands there.</summary>
    public static TheoryData<string, string, string, string> Calls => new()
    {
        { "GET", "/v1/leads/{id}", "", "lead" },
        { "PATCH", "/v1/leads/{id}", """{"name":"Eve"}""", "lead" },
        { "GET", "/v1/conversations/{id}", "", "conversation" },
        { "PATCH", "/v1/conversations/{id}", """{"customer_name":"Eve"}""", "conversation" },
        { "POST", "/v1/leads", """{"conversation_id":"{id}"}""", "conversation" },
        { "GET", "/v1/leads?cursor={id}", "", "lead" },
        { "GET", "/v1/conversations?cursor={id}", "", "conversation" },
        { "DELETE", "/api/tenant/{own}/api-keys/{id}", "", "key" },
        { "GET", "/api/tenant/{own}/webhook-subscriptions/{id}", "", "subscription" },
        { "DELETE", "/api/tenant/{own}/webhook-subscriptions/{id}", "", "subscription" },
        { "GET", "/api/tenant/{own}/deliveries/{id}", "", "lead" },
        { "GET", "/api/tenant/{own}/deliveries?cursor={id}", "", "lead" },
        { "GET", "/api/tenant/{own}/incidents/{id}", "", "lead" },
        { "GET", "/api/tenant/{own}/incidents?cursor={id}", "", "lead" },
        { "POST", "/api/tenant/{own}/redrives", """{"record":"lead:{id}"}""", "lead" },
        { "POST", "/api/tenant/{own}/redrives", """{"incident":"{id}"}""", "incident" },
        { "GET", "/api/tenant/{own}/redrives/{id}", "", "redrive" },
        { "GET", "/api/tenant/{own}/redrives?cursor={id}", "", "redrive" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Another_tenants_id_is_answered_in_every_byte_as_an_id_that_is_not_there(string method, string path, string body, string whose)
    {
        var api = await s_api;
        var foreign = whose switch
        {
            "lead" => api.Neighbour.Lead,
            "conversation" => api.Neighbour.Conversation,
            "incident" => await api.Api.Incident(api.Neighbour.Tenant, "crm_sync_failure", "custom_webhook"),
            "key" => (await api.Api.IssueKey(api.Neighbour.Tenant, "read")).Text("id"),
            "redrive" => (await api.Api.Operator.Post($"/api/tenant/{api.Neighbour.Tenant}/redrives", "{}")).Text("id"),
            _ => (await api.Api.Operator.Post(
                $"/api/tenant/{api.Neighbour.Tenant}/webhook-subscriptions", """{"target_url":"https://hooks.example.com/x","events":["lead.created"]}""")).Text("id"),
        };
        var before = api.Api.Dump();

        var stranger = await Send(foreign);
        var nobody = await Send(Guid.CreateVersion7().ToString("D"));

        Assert.Equal(path.Contains("cursor", StringComparison.Ordinal) ? 400 : 404, stranger.Status);
        Assert.Equal(Shape(nobody), Shape(stranger));
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();

        Task<ApiAnswer> Send(string id)
        {
            var target = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{own}", api.Own.Tenant, StringComparison.Ordinal);
            var client = target.StartsWith("/api", StringComparison.Ordinal) ? api.Api.Operator : api.Own.Client;
            return body.Length == 0
                ? client.Send(new HttpMethod(method), target, content: null)
                : client.Send(new HttpMethod(method), target, new StringContent(body.Replace("{id}", id, StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"));
        }
    }

    [Fact]
    public async Task An_idempotency_key_and_a_unique_field_count_within_their_tenant()
    {
        var api = await s_api;
        const string body = """{"channel":"voice","customer_identifier":"+15550100"}""";

        var mine = await api.Own.Client.Post("/v1/conversations", body, "one-key");
        var theirs = await api.Neighbour.Client.Post("/v1/conversations", body, "one-key");

        Assert.Equal((201, 201), (mine.Status, theirs.Status));
        Assert.NotEqual(mine.Text("id"), theirs.Text("id"));
        Assert.Equal(404, (await api.Neighbour.Client.Get("/v1/conversations/" + mine.Text("id"))).Status);
    }

    [Fact]
    public async Task A_tenant_that_is_named_in_body_query_or_header_is_not_looked_at()
    {
        var api = await s_api;
        var neighbour = api.Neighbour.Tenant;

        await api.AssertRefused(400, "validation_error", () => api.Own.Client.Post("/v1/conversations", $$"""{"channel":"voice","customer_identifier":"x","tenant_id":"{{neighbour}}"}"""));
        await api.AssertRefused(400, "validation_error", () => api.Own.Client.Get("/v1/leads?tenant_id=" + neighbour));
        using var request = new HttpRequestMessage(HttpMethod.Get, api.Neighbour.LeadPath);
        request.Headers.Add("Authorization", "Bearer " + api.Own.Key);
        request.Headers.Add("X-Tenant-Id", neighbour);
        request.Headers.Add("X-Vorel-Tenant", neighbour);
        using var answer = await api.Api.Handler.Http.SendAsync(request);
        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_tenants_id_has_one_spelling()
    {
        var api = await s_api;
        var id = api.Own.Tenant;
        string[] spellings =
        [
            id.ToUpperInvariant(), id.Replace("-", "", StringComparison.Ordinal), $"%7B{id}%7D", id + "%20", "%20" + id, id.Replace('0', '\uFF10'), id + "%E2%80%8B", "../" + id, id + "%2F..", id + "'",
        ];

        foreach (var spelling in spellings)
        {
            await api.AssertRefused(404, "not_found", () => api.Api.Operator.Get($"/api/tenant/{spelling}/deliveries"), spelling);
        }
    }

    /// <summary>Everything of an answer but what names this very request.</summary>
    private static string Shape(ApiAnswer answer) => string.Join('\n',
    [
        $"{answer.Status} {answer.ContentType}",
        .. answer.Headers.Where(header => !s_ofThisRequest.Contains(header.Key)).Select(header => $"{header.Key}: {string.Join(",", header.Value)}"),
        answer.Body.Replace(answer.Text("request_id"), "", StringComparison.Ordinal),
    ]);
}
