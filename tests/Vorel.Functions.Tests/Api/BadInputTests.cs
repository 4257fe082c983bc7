using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

/// <summary>Whatever is wrong with a request: the right status and code, nothing stored, nothing leaked.</summary>
[Trait("Area", "hostile")]
public sealed class BadInputTests
{
    /// <summary>One handler for all of these: none of them leaves anything behind but what it made for itself.</summary>
    private static readonly Task<ApiHarness> s_api = ApiHarness.Start();

    public static TheoryData<string, string> BadConversations => new()
    {
        { "", "" },
        { "{", "" },
        { "[]", "" },
        { "null", "" },
        { "\"text\"", "" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"a\",}", "" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"a\"}{}", "" },
        { "\uFEFF{\"channel\":\"webform\",\"customer_identifier\":\"a\"}", "" },
        { "{\"channel\":\"webform\"}", "/customer_identifier" },
        { "{\"channel\":\"fax\",\"customer_identifier\":\"a\"}", "/channel" },
        { "{\"channel\":1,\"customer_identifier\":\"a\"}", "/channel" },
        { "{\"channel\":\"webform\",\"customer_identifier\":{}}", "/customer_identifier" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"\"}", "/customer_identifier" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"a\",\"tenant\":\"x\"}", "/tenant" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"a\",\"status\":\"closed\"}", "/status" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"a\",\"customer_identifier\":\"b\"}", "/customer_identifier" },
        { "{\"Channel\":\"webform\",\"customer_identifier\":\"a\"}", "/Channel" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"\\ud800\"}", "/customer_identifier" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"a\",\"customer_language\":\"english\"}", "/customer_language" },
        { "{\"channel\":\"webform\",\"customer_identifier\":\"" + new string('x', 256) + "\"}", "/customer_identifier" },
    };

    public static TheoryData<string, string> BadLeads => new()
    {
        { "\"qualification_score\":101", "/qualification_score" },
        { "\"qualification_score\":1.5", "/qualification_score" },
        { "\"qualification_score\":1e400", "/qualification_score" },
        { "\"qualification_score\":\"80\"", "/qualification_score" },
        { "\"email\":\"no\"", "/email" },
        { "\"phone\":\"" + new string('1', 33) + "\"", "/phone" },
        { "\"attributes\":[]", "/attributes" },
        { "\"attributes\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{}}}}}}", "/attributes" },
        { "\"attributes\":{\"a\":1,\"a\":2}", "/attributes/a" },
        { "\"notes\":\"" + new string('n', 5001) + "\"", "/notes" },
    };

    public static TheoryData<string, string, string?> BadTypes => new()
    {
        { "text/plain", "utf-8", null },
        { "application/xml", "utf-8", null },
        { "multipart/form-data", "utf-8", null },
        { "application/json", "utf-7", null },
        { "application/json", "utf-16", null },
        { "application/json", "utf-8", "gzip" },
    };

    public static TheoryData<string> BadTokens =>
    [
        "", "x", "vapk_live_", "vapk_live_" + new string('0', 48), "vapk_live_" + new string('0', 47), "vapk_live_" + new string('A', 48),
        "VAPK_LIVE_" + new string('0', 48), new string('k', 5000),
    ];

    public static TheoryData<string> BadQueries =>
    [
        "limit=0", "limit=101", "limit=abc", "limit=-1", "limit=", "limit=1&limit=2", "limit=%2B1", "Limit=1", "cursor=abc", "cursor=", "page=2",
        "api_key=vapk_live_000000000000000000000000000000000000000000000000", "%00=1", "cursor=018f0000-0000-7000-8000-000000000000",
    ];

    [Theory]
    [MemberData(nameof(BadConversations))]
    public async Task A_bad_conversation_is_400_and_says_where(string body, string pointer)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "conversations:write");

        await AssertRefused(api, 400, "validation_error", pointer, () => client.Post("/v1/conversations", body));
    }

    [Theory]
    [MemberData(nameof(BadLeads))]
    public async Task A_bad_lead_is_400_and_says_where(string member, string pointer)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "leads:write", "conversations:write");
        var id = (await client.Post("/v1/conversations", """{"channel":"webform","customer_identifier":"a"}""")).Text("id");

        await AssertRefused(api, 400, "validation_error", pointer, () => client.Post("/v1/leads", $"{{\"conversation_id\":\"{id}\",{member}}}"));
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"channel":"voice"}""", "/channel")]
    [InlineData("""{"status":"closed"}""", "/status")]
    [InlineData("""{"id":"x"}""", "/id")]
    public async Task A_bad_change_is_400_and_says_where(string body, string pointer)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "conversations:write");
        var id = (await client.Post("/v1/conversations", """{"channel":"webform","customer_identifier":"a"}""")).Text("id");

        await AssertRefused(api, 400, "validation_error", pointer, () => client.Patch($"/v1/conversations/{id}", body));
    }

    [Theory]
    [MemberData(nameof(BadTypes))]
    public async Task A_body_that_is_not_json_in_utf8_is_415(string type, string charset, string? encoding)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "conversations:write");

        await AssertRefused(api, 415, "unsupported_media_type", null, () =>
        {
            var content = new ByteArrayContent("""{"channel":"webform","customer_identifier":"a"}"""u8.ToArray());
            content.Headers.ContentType = new MediaTypeHeaderValue(type, charset);
            if (encoding is not null)
            {
                content.Headers.ContentEncoding.Add(encoding);
            }

            return client.Send(HttpMethod.Post, "/v1/conversations", content);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_2_MiB_is_413_whether_it_says_its_length_or_not(bool saysLength)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "conversations:write");
        var body = Encoding.UTF8.GetBytes($$"""{"channel":"webform","customer_identifier":"{{new string('a', 2 * 1024 * 1024)}}"}""");

        await AssertRefused(api, 413, "payload_too_large", null, () =>
        {
            HttpContent content = saysLength ? new ByteArrayContent(body) : new StreamContent(new UnseekableStream(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return client.Send(HttpMethod.Post, "/v1/conversations", content);
        });
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_token_that_is_no_key_is_401(string token)
    {
        var api = await s_api;

        await AssertRefused(api, 401, "auth_error", null, () => api.As(token).Post("/v1/conversations", "{}"));
    }

    [Fact]
    public async Task No_key_a_key_in_the_query_and_a_revoked_key_are_401()
    {
        var api = await s_api;
        var tenant = await api.Tenant();
        var key = await api.IssueKey(tenant, "read");
        Assert.Equal(200, (await api.As(key.Text("key")).Get("/v1/leads")).Status);
        Assert.Equal(204, (await api.Operator.Delete($"/api/tenant/{tenant}/api-keys/{key.Text("id")}")).Status);

        await AssertRefused(api, 401, "auth_error", null, () => api.As(null).Get("/v1/leads"));
        await AssertRefused(api, 401, "auth_error", null, () => api.As(null).Get("/v1/leads?code=" + key.Text("key")));
        await AssertRefused(api, 401, "auth_error", null, () => api.As(key.Text("key")).Get("/v1/leads"));
    }

    [Fact]
    public async Task A_key_without_the_scope_is_403_before_its_body_is_looked_at()
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "read", "leads:write");

        await AssertRefused(api, 403, "insufficient_scope", null, () => client.Post("/v1/conversations", "not json"));
        var writer = await api.Key(await api.Tenant(), "leads:write");
        await AssertRefused(api, 403, "insufficient_scope", null, () => writer.Get("/v1/leads"));
        Assert.Equal("Bearer error=\"insufficient_scope\"", (await writer.Get("/v1/leads")).Headers.WwwAuthenticate.Single().ToString());
    }

    [Theory]
    [MemberData(nameof(BadQueries))]
    public async Task A_bad_query_is_400(string query)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "read");

        await AssertRefused(api, 400, "validation_error", null, () => client.Get("/v1/leads?" + query));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("long")]
    public async Task A_bad_idempotency_key_is_400(string key)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "conversations:write");
        var sent = key == "long" ? new string('k', 10_000) : key;

        await AssertRefused(
            api, 400, "validation_error", "Idempotency-Key", () => client.Post("/v1/conversations", """{"channel":"webform","customer_identifier":"a"}""", sent));
    }

    [Fact]
    public async Task An_idempotency_key_that_is_sent_twice_is_400()
    {
        var api = await s_api;
        var key = (await api.IssueKey(await api.Tenant(), "conversations:write")).Text("key");
        var before = api.Dump();
        string[] headers = ["Host: x", "Content-Type: application/json", $"Authorization: Bearer {key}", "Idempotency-Key: a", "idempotency-key: a"];

        var answer = await RawHttp.Send(api.Handler.Address, "POST /v1/conversations HTTP/1.1", headers, """{"channel":"webform","customer_identifier":"a"}""");

        Assert.Equal(400, answer.Status);
        Assert.Contains("\"pointer\":\"Idempotency-Key\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal(before, api.Dump());
    }

    [Fact]
    public async Task Two_authorization_headers_are_no_key()
    {
        var api = await s_api;
        var key = (await api.IssueKey(await api.Tenant(), "read")).Text("key");

        var answer = await RawHttp.Send(
            api.Handler.Address, "GET /v1/leads HTTP/1.1", ["Host: x", $"Authorization: Bearer {key}", $"Authorization: Bearer {key}"], body: "");

        Assert.Equal(401, answer.Status);
        Assert.Contains("WWW-Authenticate: Bearer", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_much_is_wrong_the_answer_stays_small()
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "conversations:write");
        var many = "{" + string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"\"m{number}\":1")) + "}";
        var one = $"{{\"{new string('m', 300_000)}\":1}}";

        foreach (var body in (string[])[many, one])
        {
            var answer = await client.Post("/v1/conversations", body);
            Assert.Equal((400, "validation_error"), (answer.Status, answer.Code));
            Assert.InRange(answer.Body.Length, 1, 20_000);
        }
    }

    [Theory]
    [InlineData("/v1/leads/not-an-id")]
    [InlineData("/v1/leads/00000000-0000-0000-0000-000000000000")]
    [InlineData("/v1/leads/018F0000-0000-7000-8000-00000000000A")]
    [InlineData("/v1/customers")]
    [InlineData("/v2/leads")]
    public async Task What_is_not_there_is_404(string path)
    {
        var api = await s_api;
        var client = await api.Key(await api.Tenant(), "read");

        await AssertRefused(api, 404, "not_found", null, () => client.Get(path));
    }

    private static async Task AssertRefused(ApiHarness api, int status, string code, string? pointer, Func<Task<ApiAnswer>> call)
    {
        var before = api.Dump();

        var answer = await call();

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), answer.Text("request_id"));
        Assert.Equal(status, answer.Json["status"]!.GetValue<int>());
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
        if (pointer is not null)
        {
            Assert.Contains(pointer, answer.Json["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));
        }

        Assert.Equal(before, api.Dump());
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
