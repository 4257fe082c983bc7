using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>Bad input gets the right status and code, and changes nothing in any table or queue.</summary>
[Trait("Area", "hostile")]
public sealed class BadInputTests : IAsyncLifetime
{
    private TestStack _stack = null!;
    private TestTenant _tenant = null!;
    private TestTenant _other = null!;
    private TestTenant _reader = null!;
    private string _conversation = null!;
    private string _foreignConversation = null!;
    private string _revokedKey = null!;

    public async Task InitializeAsync()
    {
        _stack = await TestStack.Start();
        _tenant = await _stack.NewTenant();
        _other = await _stack.NewTenant();
        _reader = await _stack.NewTenant("read");
        _conversation = await _tenant.PostConversation();
        _foreignConversation = await _other.PostConversation();
        var key = await _stack.Operator.Expect(
            HttpMethod.Post, $"/api/tenant/{_tenant.Id}/api-keys", new JsonObject { ["name"] = "short-lived", ["scopes"] = new JsonArray("leads:write") }, CancellationToken.None);
        _revokedKey = key["key"]!.GetValue<string>();
        await _stack.Operator.Expect(HttpMethod.Delete, $"/api/tenant/{_tenant.Id}/api-keys/{key["id"]!.GetValue<string>()}", null, CancellationToken.None);
        await Eventually.True(async () => !(await _stack.Dump()).Any(line => line.Contains(" outbox|", StringComparison.Ordinal)), "the fan-out is over");
    }

    public async Task DisposeAsync()
    {
        foreach (var tenant in new[] { _tenant, _other, _reader })
        {
            tenant.Dispose();
        }

        await _stack.DisposeAsync();
    }

    [Fact]
    public async Task Every_kind_of_bad_input_is_refused_by_its_code_and_changes_nothing()
    {
        var before = await _stack.Dump();
        var failures = new List<string>();
        foreach (var bad in Cases())
        {
            var (status, code) = await Send(bad);
            if (status != bad.Status || code != bad.Code)
            {
                failures.Add($"{bad.Name}: {status} {code}, not {bad.Status} {bad.Code}");
            }
        }

        Assert.Empty(failures);
        Assert.Equal(before, await _stack.Dump());
    }

    private IEnumerable<BadCase> Cases()
    {
        var good = $$"""{"conversation_id":"{{_conversation}}","name":"Ada"}""";
        yield return Lead("malformed JSON", """{"name":""", 400, "validation_error");
        yield return Lead("not an object", "[]", 400, "validation_error");
        yield return Lead("a wrong type", $$"""{"conversation_id":"{{_conversation}}","name":7}""", 400, "validation_error");
        yield return Lead("a score above 100", $$"""{"conversation_id":"{{_conversation}}","qualification_score":101}""", 400, "validation_error");
        yield return Lead("a number beyond doubles", $$"""{"conversation_id":"{{_conversation}}","qualification_score":1e400}""", 400, "validation_error");
        yield return Lead("an unknown status", $$"""{"conversation_id":"{{_conversation}}","status":"won"}""", 400, "validation_error");
        yield return Lead("a name too long", $$"""{"conversation_id":"{{_conversation}}","name":"{{new string('x', 201)}}"}""", 400, "validation_error");
        yield return Lead("an unknown member", $$"""{"conversation_id":"{{_conversation}}","nam":"Ada"}""", 400, "validation_error");
        yield return Lead("a duplicate member", $$"""{"conversation_id":"{{_conversation}}","name":"Ada","name":"Eve"}""", 400, "validation_error");
        yield return Lead("a missing member", """{"name":"Ada"}""", 400, "validation_error");
        yield return Lead("another tenant's conversation", $$"""{"conversation_id":"{{_foreignConversation}}","name":"Ada"}""", 404, "not_found");
        yield return Lead("a body of 2 MiB", $$"""{"conversation_id":"{{_conversation}}","name":"{{new string('x', 2 * 1024 * 1024)}}"}""", 413, "payload_too_large");
        yield return Lead("a wrong content type", good, 415, "unsupported_media_type") with { ContentType = "text/plain" };
        yield return Lead("a wrong charset", good, 415, "unsupported_media_type") with { ContentType = "application/json; charset=utf-7" };
        yield return Lead("no key", good, 401, "auth_error") with { Key = null };
        yield return Lead("a malformed key", good, 401, "auth_error") with { Key = "vapk_live_short" };
        yield return Lead("an unknown key", good, 401, "auth_error") with { Key = "vapk_live_" + new string('a', 48) };
        yield return Lead("a revoked key", good, 401, "auth_error") with { Key = _revokedKey };
        yield return Lead("a key without the scope", good, 403, "insufficient_scope") with { Key = _reader.ApiKey };
        yield return new BadCase("another tenant's id", "GET", $"/v1/conversations/{_foreignConversation}", null, 404, "not_found", _tenant.ApiKey);
        yield return new BadCase("an unknown id", "GET", "/v1/leads/018f0000-0000-7000-8000-000000000000", null, 404, "not_found", _tenant.ApiKey);
        yield return new BadCase("a malformed id", "GET", "/v1/leads/x'%20or%20PartitionKey%20ne%20'", null, 404, "not_found", _tenant.ApiKey);
        yield return new BadCase("an empty patch", "PATCH", $"/v1/conversations/{_conversation}", "{}", 400, "validation_error", _tenant.ApiKey);
        yield return new BadCase("a patch of what cannot change", "PATCH", $"/v1/conversations/{_conversation}", """{"status":"closed"}""", 400, "validation_error", _tenant.ApiKey);
        yield return new BadCase("another tenant's record patched", "PATCH", $"/v1/conversations/{_foreignConversation}", """{"customer_name":"Eve"}""", 404, "not_found", _tenant.ApiKey);
        yield return new BadCase("a limit of 0", "GET", "/v1/leads?limit=0", null, 400, "validation_error", _tenant.ApiKey);
        yield return new BadCase("an unknown query", "GET", "/v1/leads?order=asc", null, 400, "validation_error", _tenant.ApiKey);
        yield return new BadCase("a malformed cursor", "GET", "/v1/leads?cursor=zzz", null, 400, "validation_error", _tenant.ApiKey);
        yield return new BadCase("a foreign cursor", "GET", $"/v1/conversations?cursor={_foreignConversation}", null, 400, "validation_error", _tenant.ApiKey);
        yield return new BadCase("an operator call with a tenant's key", "POST", "/api/tenant", """{"name":"Mine"}""", 401, "auth_error", _tenant.ApiKey);
        yield return new BadCase("an unknown channel", "POST", "/v1/conversations", """{"channel":"fax","customer_identifier":"x"}""", 400, "validation_error", _tenant.ApiKey);
    }

    private BadCase Lead(string name, string body, int status, string code) => new(name, "POST", "/v1/leads", body, status, code, _tenant.ApiKey);

    private async Task<(int Status, string? Code)> Send(BadCase bad)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(bad.Method), new Uri(_stack.Host.Addresses.Host.Address, bad.Path));
        if (bad.Key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bad.Key);
        }

        if (bad.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(bad.Body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", bad.ContentType);
        }

        using var response = await client.SendAsync(request);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, problem?["code"]?.GetValue<string>());
    }

    private sealed record BadCase(string Name, string Method, string Path, string? Body, int Status, string Code, string? Key)
    {
        public string ContentType { get; init; } = "application/json";
    }
}
