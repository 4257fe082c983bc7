using System.Text;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Headers that stand twice, are huge, hold what no header may hold, or claim what is not so.</summary>
[Trait("Area", "hostile")]
public sealed class HeaderAttackTests
{
    private const string Body = """{"channel":"webform","customer_identifier":"c4n4ry-7f3a9"}""";
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    /// <summary>The value of Content-Type; null is none.</summary>
    public static TheoryData<string?> Types =>
    [
        null, "", "text/plain", "text/json", "application/*", "*/*", "application", "json", "application/jsonx", "application/problem+json", "application/vnd.api+json",
        "application/merge-patch+json", "application/json-patch+json", "application/x-ndjson", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/octet-stream",
        "application/json; charset=utf-7", "application/json; charset=utf-16", "application/json; charset=utf-32", "application/json; charset=latin1", "application/json; charset=", "application/json; charset=\"utf-7\"",
        "application/json; charset=utf-8; charset=utf-7", "application/json; charset=utf-7; charset=utf-8", "application/json; charset=utf-8; charset=utf-8", "application/json; boundary=x", "application/json; version=1",
        "application/json, text/plain", "application/json,application/json", "application/json; charset=utf-8, text/html", "application/json/x", "application /json", "application/ json", "application/json; ", "application/json;charset =utf-8", "application/json; charset=utf8", "application/json; charset=utf-8\u0001",
    ];

    public static TheoryData<string> Encodings => ["gzip", "br", "deflate", "identity", "utf-8", "", "gzip, gzip"];

    /// <summary>What stands behind Authorization.</summary>
    public static TheoryData<string> Credentials =>
    [
        "", "Bearer", "Bearer ", "Bearer  {key}", "Bearer\t{key}", "Bearer{key}", "Basic {key}", "Token {key}", "{key}", "Bearer {key}{key}", "Bearer {key},Bearer {key}", "Bearer {key}, Basic x", "Bearer {key};x",
        "Bearer {KEY}", "Bearer \"{key}\"", "Bearer {key}\u0001", "Bearer {key}=", "Bearer vapk_test_{rest}", "Bearer {cut}", "Bearer {key} {key}", "Bearer null", "Bearer undefined", "Bearer ../../x", "Bearer {long}",
    ];

    /// <summary>What stands behind Idempotency-Key.</summary>
    public static TheoryData<string> BadKeys =>
        ["", " ", "a b", "a\tb", "a\u0001b", "a\u001b[31mb", "a\u007fb", "é", "\u202Ea", "😀", "{long}", new string('k', 201)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_body_that_does_not_say_that_it_is_json_in_utf8_is_415_wherever_it_is_sent(string? type)
    {
        var api = await s_api;
        foreach (var (method, path, client) in api.BodyRoutes)
        {
            await api.AssertRefused(
                415,
                "unsupported_media_type",
                () =>
                {
                    var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
                    if (type is not null)
                    {
                        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
                    }

                    return client.Send(method, path, content);
                },
                $"{method} {path}");
        }
    }

    [Theory]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json ; charset=\"utf-8\"")]
    public async Task Other_spellings_of_the_one_type_are_taken(string type)
    {
        var api = await s_api;
        var content = new ByteArrayContent("""{"name":"Ada"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal(200, (await api.Own.Client.Send(HttpMethod.Patch, api.Own.LeadPath, content)).Status);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_body_that_says_it_is_encoded_is_415(string encoding)
    {
        var api = await s_api;
        await api.AssertRefusedRaw(415, "unsupported_media_type", Post(api, "Content-Type: application/json", "Content-Encoding: " + encoding));
    }

    [Fact]
    public async Task Two_content_types_are_415_even_if_they_are_the_same()
    {
        var api = await s_api;
        await api.AssertRefusedRaw(415, "unsupported_media_type", Post(api, "Content-Type: application/json", "Content-Type: application/json"));
    }

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task What_is_not_one_key_in_the_one_form_is_401(string credential)
    {
        var api = await s_api;
        var key = api.Own.Key;
        var sent = credential.Replace("{key}", key, StringComparison.Ordinal).Replace("{KEY}", key.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{rest}", key[10..], StringComparison.Ordinal).Replace("{cut}", key[..^1], StringComparison.Ordinal).Replace("{long}", new string('a', 10_000), StringComparison.Ordinal);

        foreach (var call in (string[])["GET /v1/leads", $"PATCH {api.Own.LeadPath}", $"GET /api/tenant/{api.Own.Tenant}/deliveries"])
        {
            var head = await api.AssertRefusedRaw(401, "auth_error", Latin($"{call} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {sent}\r\n\r\n"));
            Assert.Contains("WWW-Authenticate: Bearer\r\n", head + "\r\n", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Authorization: Bearer {own}\r\nAuthorization: Bearer {own}")]
    [InlineData("Authorization: Bearer {own}\r\nAuthorization: Bearer {neighbour}")]
    [InlineData("authorization: Bearer {own}\r\nAUTHORIZATION: x")]
    [InlineData("Authorization: \r\nAuthorization: Bearer {own}")]
    [InlineData("Proxy-Authorization: Bearer {own}")]
    [InlineData("X-Api-Key: {own}")]
    [InlineData("X-Functions-Key: {own}")]
    [InlineData("Cookie: Authorization=Bearer {own}")]
    [InlineData("X-Authorization: Bearer {own}\r\nX-MS-CLIENT-PRINCIPAL: e30=\r\nX-MS-CLIENT-PRINCIPAL-NAME: operator")]
    public async Task A_key_counts_only_where_it_stands_alone_in_its_own_header(string headers)
    {
        var api = await s_api;
        var sent = headers.Replace("{own}", api.Own.Key, StringComparison.Ordinal).Replace("{neighbour}", api.Neighbour.Key, StringComparison.Ordinal);

        await api.AssertRefusedRaw(401, "auth_error", Latin($"GET /v1/leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{sent}\r\n\r\n"));
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task An_idempotency_key_of_anything_but_1_to_200_visible_ascii_characters_is_400(string key)
    {
        var api = await s_api;
        var sent = key == "{long}" ? new string('k', 10_000) : key;

        await api.AssertRefusedRaw(400, "validation_error", Post(api, "Content-Type: application/json", "Idempotency-Key: " + sent));
    }

    [Theory]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: a")]
    [InlineData("Idempotency-Key: a\r\nIDEMPOTENCY-KEY: b")]
    [InlineData("Idempotency-Key: \r\nIdempotency-Key: a")]
    [InlineData("Idempotency-Key: \r\nIdempotency-Key: ")]
    public async Task Two_idempotency_keys_are_400(string headers)
    {
        var api = await s_api;

        await api.AssertRefusedRaw(400, "validation_error", Post(api, "Content-Type: application/json", headers));
    }

    [Fact]
    public async Task A_request_id_of_the_callers_and_marks_of_a_front_end_change_nothing_in_the_answer()
    {
        var api = await s_api;
        var text = await RawHttp.Exchange(api.Api.Handler.Address, Latin(
            api.Own.Head("GET /v1/leads") + "Connection: close\r\nX-Request-Id: c4n4ry-7f3a9\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: ftp\r\nX-Forwarded-Prefix: /evil\r\n"
            + "X-Original-URL: /api/tenant\r\nX-Rewrite-URL: /api/tenant\r\nForwarded: host=evil.example\r\nRange: bytes=0-1\r\nTE: trailers\r\nUpgrade: h2c\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n\r\n"));

        var answer = Assert.Single(RawAnswers.Split(text));
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("c4n4ry", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        Assert.StartsWith("{\"data\":[", answer.Body, StringComparison.Ordinal);
        api.AssertNothingPrinted();
    }

    private static byte[] Post(HostileApi api, params string[] headers) => Latin(
        api.Own.Head("POST /v1/conversations") + $"Connection: close\r\nContent-Length: {Body.Length}\r\n{string.Join("\r\n", headers)}\r\n\r\n{Body}");

    private static byte[] Latin(string request) => Encoding.UTF8.GetBytes(request);
}
