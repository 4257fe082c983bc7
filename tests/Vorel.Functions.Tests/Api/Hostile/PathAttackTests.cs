using System.Text;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Addresses as no client of a platform would send them: every spelling but the one is nothing, and none leads to what its caller may not see.</summary>
[Trait("Area", "hostile")]
public sealed class PathAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    /// <summary>{id} is the caller's own lead.</summary>
    public static TheoryData<string> Missing =>
    [
        "/v1/leads/{ID}", "/v1/leads/{plain}", "/v1/leads/%7B{id}%7D", "/v1/leads/({id})", "/v1/leads/urn:uuid:{id}", "/v1/leads/{id}%20", "/v1/leads/%20{id}", "/v1/leads/{id}%00", "/v1/leads/{id}%0D%0ASet-Cookie:x=1",
        "/v1/leads/{id}%0A", "/v1/leads/{id}%1B[31m", "/v1/leads/{id}%7F", "/v1/leads/{id}%E2%80%AE", "/v1/leads/{id}%E2%80%8B", "/v1/leads/{id}.json", "/v1/leads/{id};x=1", "/v1/leads/{id},{id}", "/v1/leads/{id}%2C{id}", "/v1/leads/{id}'",
        "/v1/leads/{id}%27%20or%20PartitionKey%20ne%20%27", "/v1/leads/x'%20or%20PartitionKey%20ne%20'", "/v1/leads/%2A", "/v1/leads/*", "/v1/leads/%25", "/v1/leads/%2525", "/v1/leads/{id}%3Flimit=1", "/v1/leads/{id}%23x", "/v1/leads/lead%7C{key}",
        "/v1/leads/{key}", "/v1/leads/%2e%2e", "/v1/leads/%252e%252e", "/v1/leads/..%2f..%2fapi%2ftenant", "/v1/leads/%2e%2e%2f{id}", "/v1/leads/..%5c{id}", "/v1/leads/{id}%2F", "/v1/leads/{id}%2F..%2F{id}", "/v1/leads/{id}%5C", "/v1/leads%2F{id}",
        "/v1%2Fleads%2F{id}", "/v1/leads/%F0%9F%98%80", "/v1/leads/%EF%BC%90", "/v1/leads/0199a1b2", "/v1/leads/00000000-0000-0000-0000-000000000000", "/v1/leads/ffffffff-ffff-7fff-bfff-ffffffffffff", "/v1/leads/ffffffff-ffff-ffff-ffff-ffffffffffff",
        "/v1/leads/{conversation}", "/v1/leads/{tenant}", "/v1/leads/{neighbour}", "/v1/conversations/{id}", "/v1/leads/{long}", "/v1/leads/{id}/{id}", "/v1/leads/{id}/notes", "/v1/leads/{id}/..%2f", "/v1//leads/{id}", "//v1/leads/{id}",
        "/v1/leads//{id}", "/v1/lead/{id}", "/v1/leadѕ/{id}", "/v2/leads/{id}", "/leads/{id}", "/api/v1/leads/{id}", "/v1/api/tenant", "/v1/%2e%2e%2fapi/tenant", "/v1/%252e%252e/api/tenant", "/admin/host/status", "/runtime/webhooks/durabletask/instances",
        "/.env", "/host.json", "/local.settings.json", "/web.config", "/wwwroot", "/swagger", "/v1/leads/{id}%c0%af", "/v1/leads/%ff%fe", "/v1/leads/%c3%28", "/v1/leads/%u0041", "/v1/leads/%", "/v1/leads/%zz", "/v1/leads/%2",
    ];

    /// <summary>Request targets that the server does not read as an address at all.</summary>
    public static TheoryData<string> Malformed =>
        ["v1/leads", "*", "", "\\v1\\leads", "/v1/leads/%00", "/v1/leads\0", "/v1/leads/é", "/v1 /leads", "http://", "http:///v1/leads", "ftp://x/v1/leads", "app.example:80", "/v1/leads/\u001b[31m"];

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task Any_other_spelling_of_an_address_is_404_and_tells_nothing(string target)
    {
        var api = await s_api;
        var (status, body) = await Get(api, target);

        Assert.True(status == 404 || (status == 400 && body.Length == 0), $"{target} answered {status} {body}");
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_target_that_is_no_address_is_refused_by_the_server_without_a_word(string target)
    {
        var api = await s_api;
        var (status, body) = await Get(api, target);

        Assert.True(status is 400 or 404 or 405, $"{target} answered {status} {body}");
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_refused_before_it_is_read()
    {
        var api = await s_api;
        var text = await RawHttp.Exchange(api.Api.Handler.Address, Bytes(api.Own.Head("GET /v1/leads/" + new string('a', 20_000)) + "Connection: close\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 414", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absolute_target_and_a_foreign_host_lead_nowhere_else()
    {
        var api = await s_api;
        foreach (var host in (string[])["evil.example", "127.0.0.1:1", "a, b", "evil.example:80@x", ""])
        {
            var text = await RawHttp.Exchange(
                api.Api.Handler.Address, Bytes($"GET {api.Own.LeadPath} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {api.Own.Key}\r\nConnection: close\r\n\r\n"));

            var answer = Assert.Single(RawAnswers.Split(text));
            Assert.True(answer.Status is 200 or 400, host);
            Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_address_of_what_was_made_is_written_by_us_and_not_taken_from_the_request()
    {
        var api = await s_api;
        const string body = """{"channel":"email","customer_identifier":"location"}""";
        var text = await RawHttp.Exchange(
            api.Api.Handler.Address,
            Bytes(api.Own.Head("POST /V1/x/../%43ONVERSATIONS/").Replace("app.example", "evil.example", StringComparison.Ordinal)
                + $"Connection: close\r\nX-Forwarded-Host: evil.example\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        var answer = Assert.Single(RawAnswers.Split(text));
        Assert.Equal(201, answer.Status);
        Assert.Matches("\r\nLocation: /v1/conversations/[0-9a-f-]{36}\r\n", answer.Head + "\r\n");
    }

    private static async Task<(int Status, string Body)> Get(HostileApi api, string target)
    {
        var own = api.Own;
        var sent = target.Replace("{id}", own.Lead, StringComparison.Ordinal).Replace("{ID}", own.Lead.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{plain}", own.Lead.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal).Replace("{key}", Core.Ids.Uuid7.ToKey(Guid.Parse(own.Lead)), StringComparison.Ordinal)
            .Replace("{conversation}", own.Conversation, StringComparison.Ordinal).Replace("{tenant}", own.Tenant, StringComparison.Ordinal)
            .Replace("{neighbour}", api.Neighbour.Lead, StringComparison.Ordinal).Replace("{long}", new string('a', 7_000), StringComparison.Ordinal);
        var before = api.Api.Dump();

        var text = await RawHttp.Exchange(api.Api.Handler.Address, Bytes(own.Head("GET " + sent) + "Connection: close\r\n\r\n"));

        var answer = Assert.Single(RawAnswers.Split(text));
        Assert.True(answer.Body.Length == 0 || answer.Body.Contains("\"code\":\"not_found\"", StringComparison.Ordinal), $"{target} answered {answer.Status} {answer.Body}");
        Assert.DoesNotContain(own.Lead, answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
        return (answer.Status, answer.Body);
    }

    private static byte[] Bytes(string request) => Encoding.UTF8.GetBytes(request);
}
