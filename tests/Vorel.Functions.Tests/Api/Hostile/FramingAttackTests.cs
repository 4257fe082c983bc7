using System.Text;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>
/// Requests whose end is not where they say, over raw sockets: what two readers would cut differently is refused and its connection
/// closed, so that nothing behind it is ever read as a request of its own.
/// </summary>
[Trait("Area", "hostile")]
public sealed class FramingAttackTests
{
    private const string Smuggled = """{"channel":"voice","customer_identifier":"smuggled"}""";
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    /// <summary>What follows the head of a POST of a conversation; {next} is a whole request behind it.</summary>
    public static TheoryData<string> Ambiguous =>
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{next}",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{next}",
        "Content-Length: 0\r\nContent-Length: 40\r\n\r\n{next}",
        "Content-Length: 40\r\nContent-Length: 0\r\n\r\n{next}",
        "Content-Length: 0, 40\r\n\r\n{next}",
        "Content-Length: 0\r\nContent-Length: 0\r\n\r\n{next}",
        "Content-Length: -1\r\n\r\n{next}",
        "Content-Length: 0x0\r\n\r\n{next}",
        "Content-Length: 1e1\r\n\r\n{next}",
        "Content-Length: \r\n\r\n{next}",
        "Content-Length: 99999999999999999999\r\n\r\n{next}",
        "Content-Length : 0\r\n\r\n{next}",
        " Content-Length: 0\r\n\r\n{next}",
        "Transfer-Encoding: identity\r\n\r\n{next}",
        "Transfer-Encoding: gzip\r\n\r\n{next}",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{next}",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{next}",
        "X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{next}",
        "X-A: b\nContent-Length: 0\r\n\r\n{next}",
        "X-A: b\rContent-Length: 0\r\n\r\n{next}",
        "X-A: \0\r\nContent-Length: 0\r\n\r\n{next}",
        "X\0A: b\r\nContent-Length: 0\r\n\r\n{next}",
        ": b\r\nContent-Length: 0\r\n\r\n{next}",
        "no colon\r\nContent-Length: 0\r\n\r\n{next}",
        "Transfer-Encoding: chunked\r\n\r\nx\r\n{next}",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n{next}",
        "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n{next}",
        "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{next}",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}X\r\n0\r\n\r\n{next}",
        "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n{next}",
    ];

    /// <summary>Bodies that are larger than they may be, said and unsaid: head, then how many bytes really come.</summary>
    public static TheoryData<string, int> Oversized => new()
    {
        { "Content-Length: 30000000", 30_000_000 },
        { "Content-Length: 30000000", 0 },
        { "Content-Length: 30000000", 100_000 },
        { "Content-Length: 524289", 524_289 },
        { "Content-Length: 9223372036854775807", 1000 },
        { "Transfer-Encoding: chunked", 30_000_000 },
        { "Transfer-Encoding: chunked", 524_289 },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task A_request_that_can_be_cut_in_two_ways_is_refused_and_nothing_behind_it_is_read(string rest)
    {
        var api = await s_api;
        var next = api.Own.Head("POST /v1/conversations") + $"Content-Type: application/json\r\nContent-Length: {Smuggled.Length}\r\nConnection: close\r\n\r\n{Smuggled}";
        var before = api.Api.Dump();

        var text = await RawHttp.Exchange(
            api.Api.Handler.Address,
            Encoding.UTF8.GetBytes(api.Own.Head("POST /v1/conversations") + "Content-Type: application/json\r\n" + rest.Replace("{next}", next, StringComparison.Ordinal)));

        var answer = Assert.Single(RawAnswers.Split(text));
        Assert.True(answer.Status is 400 or 411 or 413 or 501, text);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
    }

    [Theory]
    [MemberData(nameof(Oversized))]
    public async Task A_body_that_is_too_large_is_413_while_it_comes_and_is_not_parsed(string length, int sent)
    {
        var api = await s_api;
        var head = api.Own.Head("POST /v1/conversations") + $"Content-Type: application/json\r\n{length}\r\n\r\n";
        var chunked = length.StartsWith("Transfer", StringComparison.Ordinal);
        // Not JSON: that is found out by nobody who stops reading in time.
        var body = (chunked ? $"{sent:x}\r\n" : "") + new string('x', sent) + (chunked ? "\r\n0\r\n\r\n" : "");

        var text = await api.AssertRefusedRaw(413, "payload_too_large", Encoding.UTF8.GetBytes(head + body), enough: true);

        Assert.Contains("Connection: close", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 100", "{\"channel\":\"webform\",\"customer_identifier\":\"c4n4ry-7f3a9\"}")]
    [InlineData("Content-Length: 100", "")]
    [InlineData("Transfer-Encoding: chunked", "3b\r\n{\"channel\":\"webform\",\"customer_identifier\":\"c4n4ry-7f3a9\"}\r\n")]
    [InlineData("Transfer-Encoding: chunked", "ff\r\n{\"channel\"")]
    [InlineData("Transfer-Encoding: chunked", "")]
    public async Task A_body_that_ends_before_it_said_it_would_is_no_request(string length, string body)
    {
        var api = await s_api;
        var before = api.Api.Dump();
        var request = Encoding.UTF8.GetBytes(api.Own.Head("POST /v1/conversations") + $"Content-Type: application/json\r\n{length}\r\n\r\n{body}");

        var text = await RawHttp.Exchange(api.Api.Handler.Address, request, hangUp: true);

        Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), text);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
    }

    [Theory]
    [InlineData("X-Big: {30k}", 431)]
    [InlineData("{200}", 431)]
    [InlineData("Cookie: {40k}", 431)]
    public async Task Headers_that_are_too_many_or_too_large_are_refused_before_they_are_read(string headers, int status)
    {
        var api = await s_api;
        var sent = headers.Replace("{30k}", new string('a', 33_000), StringComparison.Ordinal).Replace("{40k}", new string('c', 40_000), StringComparison.Ordinal)
            .Replace("{200}", string.Join("\r\n", Enumerable.Range(0, 200).Select(number => $"X-{number}: 1")), StringComparison.Ordinal);

        await api.AssertRefusedRaw(status, code: null, Encoding.UTF8.GetBytes(api.Own.Head("GET /v1/leads") + sent + "\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("GET /v1/leads HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/leads HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET /v1/leads HTTP/0.9\r\nHost: a\r\n\r\n", 505)]
    [InlineData("GET /v1/leads HTTP/3.0\r\nHost: a\r\n\r\n", 505)]
    [InlineData("GET /v1/leads\r\n\r\n", 400)]
    [InlineData("G\u0001T /v1/leads HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("CONNECT app.example:443 HTTP/1.1\r\nHost: app.example:443\r\n\r\n", 405)]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n", 400)]
    public async Task What_is_not_http_1_is_refused(string request, int status)
    {
        var api = await s_api;
        var before = api.Api.Dump();

        var text = await RawHttp.Exchange(api.Api.Handler.Address, Encoding.Latin1.GetBytes(request.Replace("Host: app.example:443", "Host: app.example:443\r\nConnection: close", StringComparison.Ordinal)));

        Assert.StartsWith($"HTTP/1.1 {status} ", text, StringComparison.Ordinal);
        Assert.Equal(before, api.Api.Dump());
        api.AssertNothingPrinted();
    }
}
