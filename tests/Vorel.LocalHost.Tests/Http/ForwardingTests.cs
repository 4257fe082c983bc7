using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Http;

public sealed class ForwardingTests() : HostTest(
    new TestApp()
        .Http("Api", "v1/{*path}")
        .Http("Health", "health", "\"GET\"")
        .Http("Console", "console/{*path}")
        .Http("Taken", "administrators")
        .Function("Worker", """{"type":"queueTrigger","direction":"in","name":"msg","queueName":"live","connection":""}"""))
{
    [Fact]
    public async Task A_request_arrives_with_its_body_the_hosts_headers_and_the_front_ends()
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
            X-ARR-LOG-ID: forged
            """,
            """{"a":1}""");

        var request = Assert.Single(Handler.Requests);
        Assert.Equal(200, status);
        Assert.Equal("POST /v1/leads?a=1,2&b=&c=%C3%A4%20x HTTP/1.1", request.Line);
        Assert.Equal("""{"a":1}""", request.Text);
        Assert.Equal("vorel.example:8443", request.Value("Host"));
        Assert.Equal("application/json", request.Value("Content-Type"));
        Assert.Equal("7", request.Value("Content-Length"));
        Assert.Equal("Bearer token", request.Value("Authorization"));
        Assert.Equal("customer/1.0 Azure-Functions-Host/4.1037.0.0", request.Value("User-Agent"));
        Assert.Equal("4.1037.0.0", request.Value("X-Azure-Functions-HostVersion"));
        Assert.True(Guid.TryParse(request.Value("X-Azure-Functions-InvocationId"), out _));
        Assert.Null(request.Value("Content-Language"));
        Assert.StartsWith("203.0.113.9, 127.0.0.1:", request.Value("X-Forwarded-For"), StringComparison.Ordinal);
        Assert.Equal("http", request.Value("X-Forwarded-Proto"));
        Assert.Equal("vorel.example:8443", request.Value("X-Forwarded-Host"));
        Assert.Equal("vorel.example:8443", request.Value("DISGUISED-HOST"));
        Assert.Equal("/v1/leads?a=1&a=2&b&c=%C3%A4%20x", request.Value("X-Original-URL"));
        Assert.True(Guid.TryParse(Assert.Single(request.Values("X-ARR-LOG-ID")), out _));
        Assert.StartsWith("127.0.0.1:", request.Value("CLIENT-IP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_request_fails_before_it_reaches_the_handler()
    {
        var (status, _) = await RawHttp.Send(
            Host.Address,
            """
            POST /v1/leads HTTP/1.1
            Transfer-Encoding: chunked
            Content-Type: application/json
            """,
            "2\r\n{}\r\n0\r\n\r\n");
        Assert.Equal(500, status);
        Assert.Empty(Handler.Requests);
    }

    [Theory]
    // Encoded once, the server itself resolves the dots: /Worker matches no route and ends here.
    [InlineData("/v1/%2e%2e/Worker", null)]
    [InlineData("/v1/../Worker", null)]
    [InlineData("/v1/%2e%2e/health", "/health")]
    // Encoded twice, the route still matches v1/{*path}, and the dots collapse on the way to the handler: the host's own address.
    [InlineData("/v1/%252e%252e/Worker", "/Worker")]
    [InlineData("/v1/%252E%252e/Worker", "/Worker")]
    [InlineData("/console/a/%252e%252e/%252e%252e/Worker", "/Worker")]
    [InlineData("/v1/.%252e/Worker", "/Worker")]
    // Three times: one layer is left over, and it stays text.
    [InlineData("/v1/%25252e%25252e/Worker", "/v1/%252e%252e/Worker")]
    public async Task Dot_segments_reach_the_handler_as_they_would_on_azure(string target, string? arrives)
    {
        var (status, _) = await RawHttp.Send(
            Host.Address, $"POST {target} HTTP/1.1\nContent-Type: application/json\nContent-Length: 2", "{}");
        if (arrives is null)
        {
            Assert.Equal(404, status);
            Assert.Empty(Handler.Requests);
            return;
        }

        if (arrives == "/health")
        {
            Assert.Equal(404, status); // A POST to a function that takes GET alone.
            return;
        }

        var request = Assert.Single(Handler.Requests);
        Assert.Equal(arrives, request.Target);
        Assert.NotNull(request.Value("X-Forwarded-For"));
        Assert.Equal(target, request.Value("X-Original-URL"));
        Assert.Equal("vorel.example:8443", request.Value("Host"));
    }

    [Theory]
    [InlineData("GET", "/admin/functions/Worker", 401)]
    [InlineData("POST", "/admin/x", 404)]
    [InlineData("POST", "/runtime/webhooks/durabletask", 404)]
    [InlineData("GET", "/administrators", 404)]
    [InlineData("GET", "/Worker", 404)]
    [InlineData("POST", "/health", 404)]
    [InlineData("GET", "/", 200)]
    public async Task The_hosts_own_paths_and_what_no_route_matches_never_reach_the_handler(string method, string target, int expected)
    {
        var (status, _) = await RawHttp.Send(Host.Address, $"{method} {target} HTTP/1.1\nContent-Length: 0");
        Assert.Equal(expected, status);
        Assert.Empty(Handler.Requests);
    }

    [Theory]
    [InlineData("/v1/a%3Fb", "/v1/a")]
    [InlineData("/v1/a%23b", "/v1/a")]
    [InlineData("/v1/a%2541", "/v1/aA")]
    [InlineData("/v1/%C3%A4", "/v1/%C3%A4")]
    public async Task Some_encoded_characters_of_the_path_are_lost_on_the_way(string target, string arrives)
    {
        await RawHttp.Send(Host.Address, $"GET {target} HTTP/1.1");
        Assert.Equal(arrives, Assert.Single(Handler.Requests).Target);
    }

    [Fact]
    public async Task A_preflight_passes_like_any_other_call()
    {
        Handler.Answer = _ => "HTTP/1.1 204 No Content\r\nAllow: GET\r\n\r\n";
        var (status, answer) = await RawHttp.Send(Host.Address, "OPTIONS /v1/x HTTP/1.1\nOrigin: https://elsewhere.example");
        Assert.Equal(204, status);
        Assert.Contains("Allow: GET", answer, StringComparison.Ordinal);
        Assert.Equal("OPTIONS /v1/x HTTP/1.1", Assert.Single(Handler.Requests).Line);
    }

    [Fact]
    public async Task The_answer_comes_back_whole_whatever_its_status()
    {
        Handler.Answer = _ => RawHandler.Reply("422 Unprocessable", "application/problem+json", """{"code":"x"}""", "Set-Cookie: a=1", "Set-Cookie: b=2", "Location: /elsewhere", "Retry-After: 7");
        using var answer = await Host.Client.GetAsync(new Uri("/v1/x", UriKind.Relative));
        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal("/elsewhere", answer.Headers.Location!.ToString());
        Assert.Equal("""{"code":"x"}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Answers_without_a_body_pass_too()
    {
        Handler.Answer = request => request.Line.StartsWith("HEAD", StringComparison.Ordinal)
            ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n"
            : "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";
        using var gone = await Host.Client.DeleteAsync(new Uri("/v1/x", UriKind.Relative));
        Assert.Equal(204, (int)gone.StatusCode);
        using var head = await Host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("/v1/x", UriKind.Relative)));
        Assert.Equal((200, 5L), ((int)head.StatusCode, head.Content.Headers.ContentLength!.Value));
        Assert.Equal("\"x\"", head.Headers.ETag!.Tag);
        Assert.DoesNotContain(Host.Log.Lines, line => line.Level >= LogLevel.Error && line.Source != "host");
        Assert.Equal(["DELETE /v1/x HTTP/1.1", "HEAD /v1/x HTTP/1.1"], Handler.Requests.Select(request => request.Line));
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_before_it_is_read()
    {
        var (status, _) = await RawHttp.Send(Host.Address, "POST /v1/x HTTP/1.1\nContent-Type: text/plain\nContent-Length: 104857601");
        Assert.Equal(413, status);
        Assert.Empty(Handler.Requests);
    }

    [Fact]
    public async Task A_setting_moves_the_limit_of_a_body()
    {
        var options = new LocalHostOptions
        {
            AppRoot = App.Root, Storage = "unused", DurableStorage = "unused",
            Settings = new Dictionary<string, string> { ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = "4" },
        };
        await using var host = await TestHost.Start(App, Handler, options: options);
        Assert.Equal(200, (await RawHttp.Send(host.Address, "POST /v1/x HTTP/1.1\nContent-Length: 4", "1234")).Status);
        Assert.Equal(413, (await RawHttp.Send(host.Address, "POST /v1/x HTTP/1.1\nContent-Length: 5", "12345")).Status);
    }

    [Fact]
    public async Task A_caller_cannot_replace_the_invocation_id_or_hide_the_front_end()
    {
        await RawHttp.Send(
            Host.Address,
            $"""
            POST /v1/%252e%252e/Worker HTTP/1.1
            Content-Length: 2
            User-Agent: Azure-Functions-Host/4.1037.0.0
            X-Azure-Functions-InvocationId: forged
            DISGUISED-HOST:
            X-Forwarded-For:
            """,
            "{}");
        var request = Assert.Single(Handler.Requests);
        Assert.Matches("^forged, [0-9a-f-]{36}$", request.Value("X-Azure-Functions-InvocationId"));
        Assert.Equal("Azure-Functions-Host/4.1037.0.0 Azure-Functions-Host/4.1037.0.0", request.Value("User-Agent"));
        Assert.Equal("vorel.example:8443", request.Value("DISGUISED-HOST"));
        Assert.NotEqual("", request.Value("X-Forwarded-For"));
    }

    [Theory]
    [InlineData("Worker", """{"input":"{\"v\":1}"}""", 202)]
    [InlineData("worker", """{}""", 202)]
    [InlineData("Worker", """{"input":{"v":1}}""", 400)]
    [InlineData("Worker", "", 400)]
    [InlineData("Api", """{"input":""}""", 400)]
    [InlineData("Nobody", """{"input":""}""", 404)]
    public async Task A_run_by_hand_is_accepted_and_tells_no_result(string function, string body, int expected)
    {
        using var content = new StringContent(body);
        using var answer = await Host.Admin.PostAsync(new Uri($"/admin/functions/{function}", UriKind.Relative), content);
        Assert.Equal(expected, (int)answer.StatusCode);
        if (expected == 202)
        {
            var call = await Eventually.NotNull(() => Task.FromResult(Handler.Requests.FirstOrDefault()), "the call");
            Assert.Equal("POST /Worker HTTP/1.1", call.Line);
            Assert.StartsWith("{\"Data\":{\"msg\":\"\\\"", call.Text, StringComparison.Ordinal);
            Assert.Null(call.Value("X-Forwarded-For"));
            Assert.Equal(Handler.Endpoint.Address.Authority, call.Value("Host"));
        }
    }

    [Fact]
    public async Task A_handler_that_cuts_the_connection_is_a_500()
    {
        Handler.Answer = _ => null;
        using var answer = await Host.Client.GetAsync(new Uri("/v1/x", UriKind.Relative));
        Assert.Equal(500, (int)answer.StatusCode);
    }

    [Fact]
    public void A_route_in_the_hosts_own_space_keeps_its_function_from_loading()
    {
        Assert.Equal(["Taken"], App.Catalog.Errors.Keys);
        Assert.Equal(["Api", "Console", "Health", "Worker"], App.Catalog.Functions.Select(function => function.Name));
    }
}
