using System.Net;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Http;

/// <summary>What arrives at the handler, and what comes back, where the host proxies.</summary>
public sealed class ProxyingTests() : HostTest(
    new TestApp()
        .Http("Api", "v1/{*path}")
        .Function("Worker", """{"type":"queueTrigger","direction":"in","name":"msg","queueName":"live","connection":""}"""), HttpMode.Proxying)
{
    [Fact]
    public async Task A_request_arrives_as_it_was_but_for_its_host_and_what_the_proxy_adds()
    {
        var (status, _) = await RawHttp.Send(
            Host.Address,
            """
            POST /v1/leads?a=1&a=2&b&c=%C3%A4%20x HTTP/1.1
            Content-Type: application/json
            Content-Length: 7
            Content-Language: de
            Authorization: Bearer token
            User-Agent: customer/1.0
            X-Forwarded-For: 203.0.113.9
            X-Forwarded-Prefix: /forged
            X-Azure-Functions-InvocationId: forged
            """,
            """{"a":1}""");

        var request = Assert.Single(Handler.Requests);
        Assert.Equal(200, status);
        Assert.Equal("POST /v1/leads?a=1&a=2&b&c=%C3%A4%20x HTTP/1.1", request.Line);
        Assert.Equal("""{"a":1}""", request.Text);
        Assert.Equal(Handler.Endpoint.Address.Authority, request.Value("Host"));
        Assert.Equal("application/json", request.Value("Content-Type"));
        Assert.Equal("7", request.Value("Content-Length"));
        Assert.Equal("de", request.Value("Content-Language"));
        Assert.Equal("Bearer token", request.Value("Authorization"));
        Assert.Equal(["customer/1.0"], request.Values("User-Agent"));
        Assert.Equal("4.1037.0.0", request.Value("X-Azure-Functions-HostVersion"));
        Assert.True(Guid.TryParse(Assert.Single(request.Values("X-Azure-Functions-InvocationId")), out var id));
        Assert.Equal(id.ToString(), request.Value("x-ms-invocation-id"));
        Assert.Equal(["127.0.0.1"], request.Values("X-Forwarded-For"));
        Assert.Equal(["vorel.example:8443"], request.Values("X-Forwarded-Host"));
        Assert.Equal(["http"], request.Values("X-Forwarded-Proto"));
        Assert.Empty(request.Values("X-Forwarded-Prefix"));
        Assert.Equal("vorel.example:8443", request.Value("DISGUISED-HOST"));
        Assert.Equal("/v1/leads?a=1&a=2&b&c=%C3%A4%20x", request.Value("X-Original-URL"));
    }

    [Fact]
    public async Task A_chunked_body_arrives_chunked_and_headers_of_one_connection_do_not()
    {
        var (status, _) = await RawHttp.Send(
            Host.Address,
            """
            PUT /v1/leads HTTP/1.1
            Transfer-Encoding: chunked
            Keep-Alive: timeout=5
            TE: trailers
            Proxy-Authorization: Basic eA==
            Upgrade: websocket
            Connection: X-Forwarded-For, DISGUISED-HOST, X-ARR-LOG-ID
            Max-Forwards: 3
            """,
            "2\r\n{}\r\n0\r\n\r\n");

        var request = Assert.Single(Handler.Requests);
        Assert.Equal(200, status);
        Assert.Equal("{}", request.Text);
        Assert.Equal("chunked", request.Value("Transfer-Encoding"));
        Assert.Null(request.Value("Content-Length"));
        Assert.All(["Keep-Alive", "TE", "Proxy-Authorization", "Upgrade"], name => Assert.Null(request.Value(name)));
        Assert.All(["X-Forwarded-For", "DISGUISED-HOST", "X-ARR-LOG-ID", "Max-Forwards"], name => Assert.NotNull(request.Value(name)));
    }

    [Theory]
    [InlineData("/v1/a%3Fb%23c%25d?e", "/v1/a%3Fb%23c%25d?e")]
    [InlineData("/v1/%C3%A4/(x);y=1,2", "/v1/%C3%A4/(x);y=1,2")]
    [InlineData("/v1/a%2Fb", "/v1/a%252Fb")]
    [InlineData("/v1/a%5Cb", "/v1/a%5Cb")]
    [InlineData("/v1/%7ex", "/v1/~x")]
    [InlineData("/v1//x//y", "/v1//x//y")]
    [InlineData("/v1/x/%2e%2e/y", "/v1/y")]
    // Dots that are encoded twice stay so, and never climb.
    [InlineData("/v1/%252e%252e/Worker", "/v1/%252e%252e/Worker")]
    [InlineData("/v1/%252E%252e%252fWorker", "/v1/%252E%252e%252fWorker")]
    [InlineData("/v1/.%252e/Worker", "/v1/.%252e/Worker")]
    [InlineData("/v1/..%5cWorker", "/v1/..%5CWorker")]
    [InlineData("/v1/..%2fWorker", "/v1/..%252fWorker")]
    [InlineData("/v1/%2e%2e/Worker", null)]
    public async Task The_path_is_encoded_anew_from_what_the_server_decoded(string target, string? arrives)
    {
        var (status, _) = await RawHttp.Send(Host.Address, $"GET {target} HTTP/1.1");
        Assert.Equal(arrives is null ? 404 : 200, status);
        Assert.Equal(arrives is null ? [] : [arrives], Handler.Requests.Select(request => request.Target));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    [InlineData("PURGE")]
    public async Task Any_method_passes_and_without_a_body_none_is_sent(string method)
    {
        Handler.Answer = _ => "HTTP/1.1 204 Nothing Here\r\nAllow: GET\r\nETag: \"x\"\r\n\r\n";
        var (status, answer) = await RawHttp.Send(Host.Address, $"{method} /v1/x HTTP/1.1\nContent-Type: text/plain");
        var request = Assert.Single(Handler.Requests);
        Assert.Equal(204, status);
        Assert.Contains("204 Nothing Here", answer, StringComparison.Ordinal);
        Assert.Contains("Allow: GET", answer, StringComparison.Ordinal);
        Assert.Equal($"{method} /v1/x HTTP/1.1", request.Line);
        Assert.Equal("text/plain", request.Value("Content-Type"));
        Assert.Null(request.Value("Transfer-Encoding"));
    }

    [Fact]
    public async Task The_answer_comes_back_with_its_headers_and_neither_redirects_nor_cookies_are_kept()
    {
        Handler.Answer = _ => RawHandler.Reply(
            "302 Found", "text/plain", "gone", "Set-Cookie: a=1", "Set-Cookie: b=2", "Location: /elsewhere", "Keep-Alive: timeout=9", "Server: handler", "X-Empty:");
        for (var time = 0; time < 2; time++)
        {
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Host.Address };
            using var answer = await client.GetAsync(new Uri("/v1/x", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
            Assert.Equal("/elsewhere", answer.Headers.Location!.ToString());
            Assert.Equal("handler", answer.Headers.Server.ToString());
            Assert.True(answer.Headers.Contains("X-Empty"));
            Assert.False(answer.Headers.Contains("Keep-Alive"));
            Assert.Equal("gone", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(2, Handler.Requests.Count);
        Assert.All(Handler.Requests, request => Assert.Null(request.Value("Cookie")));
    }

    [Fact]
    public async Task A_call_without_a_body_is_sent_again_when_its_connection_fails_and_one_with_a_body_is_not()
    {
        Handler.Answer = request => Handler.Requests.Count == 3 ? RawHandler.Json("{}") : null;
        var (status, _) = await RawHttp.Send(Host.Address, "GET /v1/x HTTP/1.1");
        Assert.Equal((200, 3), (status, Handler.Requests.Count));

        Handler.Answer = _ => null;
        (status, _) = await RawHttp.Send(Host.Address, "POST /v1/x HTTP/1.1\nContent-Length: 2", "{}");
        Assert.Equal((500, 4), (status, Handler.Requests.Count));
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused()
    {
        var (status, _) = await RawHttp.Send(Host.Address, "POST /v1/x HTTP/1.1\nContent-Type: text/plain\nContent-Length: 104857601");
        Assert.Equal(413, status);
    }

    [Fact]
    public async Task A_caller_cannot_hide_the_front_end()
    {
        await RawHttp.Send(
            Host.Address,
            """
            POST /v1/%252e%252e/Worker HTTP/1.1
            Content-Length: 2
            User-Agent: Azure-Functions-Host/4.1037.0.0
            Content-Type: application/json; charset=utf-8
            X-Forwarded-For:
            X-MS-INVOCATION-ID:
            DISGUISED-HOST:
            """,
            "{}");
        var request = Assert.Single(Handler.Requests);
        Assert.Equal("127.0.0.1", request.Value("X-Forwarded-For"));
        Assert.Equal("vorel.example:8443", request.Value("DISGUISED-HOST"));
        Assert.NotNull(request.Value("x-ms-invocation-id"));
    }
}
