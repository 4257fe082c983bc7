using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Http;

/// <summary>HTTP functions that get the JSON envelope, since they bind more than request and answer, or since host.json asks for nothing else.</summary>
public sealed class HttpEnvelopeTests() : HostTest(
    new TestApp("""{"customHandler":{"enableProxyingHttpRequest":true,"description":{"defaultExecutablePath":"handler"}}}""")
        .Function("Order", Trigger + """,{"type":"http","direction":"out","name":"res"},{"type":"queue","direction":"out","name":"copy","queueName":"q"}""")
        .Http("Plain", "plain"))
{
    private const string Trigger = """{"type":"httpTrigger","direction":"in","name":"req","authLevel":"anonymous","route":"orders/{id}/{kind?}"}""";

    [Fact]
    public async Task The_request_becomes_an_object_and_its_parts_become_metadata()
    {
        await RawHttp.Send(
            Host.Address,
            """
            PUT /orders/7?a=1&a=2&b=%20 HTTP/1.1
            Content-Type: application/json
            Content-Length: 33
            X-Twice: one
            X-Twice: two
            """,
            """{"sku":"x","list":[1],"count":12}""");

        var request = Assert.Single(Handler.Requests);
        Assert.Equal("POST /Order HTTP/1.1", request.Line);
        Assert.Null(request.Value("X-Forwarded-For"));
        Assert.Equal(["Azure-Functions-Host/4.1037.0.0"], request.Values("User-Agent"));
        var envelope = JsonNode.Parse(request.Text)!;
        var value = envelope["Data"]!["req"]!.AsObject();
        Assert.Equal(["Url", "Method", "Query", "Headers", "Params", "Identities", "Body"], value.Select(member => member.Key));
        Assert.Equal("http://vorel.example:8443/orders/7?a=1&a=2&b=%20", value["Url"]!.GetValue<string>());
        Assert.Equal("PUT", value["Method"]!.GetValue<string>());
        Assert.Equal("""{"a":"1,2","b":" "}""", value["Query"]!.ToJsonString());
        Assert.Equal("""["one","two"]""", value["Headers"]!["X-Twice"]!.ToJsonString());
        Assert.StartsWith("127.0.0.1:", value["Headers"]!["X-Forwarded-For"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("""{"id":"7"}""", value["Params"]!.ToJsonString());
        Assert.False(value["Identities"]![0]!["IsAuthenticated"]!.GetValue<bool>());
        Assert.Equal("""{"sku":"x","list":[1],"count":12}""", value["Body"]!.GetValue<string>());
        var metadata = envelope["Metadata"]!.AsObject();
        Assert.Equal(["Headers", "Query", "id", "sku", "count", "sys"], metadata.Select(member => member.Key));
        Assert.Equal("\"7\"", metadata["id"]!.GetValue<string>());
        Assert.Equal("1,2", metadata["Query"]!["a"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("application/octet-stream", "AP8=")]
    [InlineData("multipart/form-data; boundary=x", "AP8=")]
    [InlineData("text/plain", "\0\uFFFD")]
    public async Task A_body_is_text_unless_its_type_says_otherwise(string type, string expected)
    {
        using var content = new ByteArrayContent([0, 255]);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await Host.Client.PostAsync(new Uri("/orders/7", UriKind.Relative), content);
        Assert.Equal(expected, JsonNode.Parse(Assert.Single(Handler.Requests).Text)!["Data"]!["req"]!["Body"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_chunked_body_is_lost()
    {
        await RawHttp.Send(Host.Address, "POST /orders/7 HTTP/1.1\nTransfer-Encoding: chunked\nContent-Type: text/plain", "2\r\n{}\r\n0\r\n\r\n");
        Assert.Null(JsonNode.Parse(Assert.Single(Handler.Requests).Text)!["Data"]!["req"]!["Body"]);
    }

    [Theory]
    [InlineData("""{"Outputs":{"res":{"statusCode":201,"headers":{"Content-Type":"text/x","X-A":"b"},"body":"héllo"}}}""", 201, "text/x", "héllo")]
    [InlineData("""{"Outputs":{"res":{"StatusCode":"404","Body":""}}}""", 404, null, "")]
    [InlineData("""{"Outputs":{"res":{"status":202}}}""", 202, null, "")]
    [InlineData("""{"Outputs":{"res":{"body":{"a":[1]}}}}""", 200, null, "{\n  \"a\": [\n    1\n  ]\n}")]
    [InlineData("""{"Outputs":{}}""", 200, null, "")]
    [InlineData("""{"Outputs":{"res":"text"}}""", 500, null, "")]
    [InlineData("[]", 500, null, "")]
    public async Task The_answer_is_made_of_the_http_output(string reply, int status, string? type, string body)
    {
        Handler.Answer = _ => RawHandler.Json(reply);
        using var answer = await Host.Client.GetAsync(new Uri("/orders/7/x", UriKind.Relative));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(body, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()).ReplaceLineEndings("\n"));
        Assert.Equal(type is null ? [] : ["b"], answer.Headers.TryGetValues("X-A", out var values) ? values : []);
    }

    [Fact]
    public async Task A_failed_call_is_a_500_and_its_body_is_discarded()
    {
        Handler.Answer = _ => RawHandler.Json("{}", "503 Busy");
        using var answer = await Host.Client.GetAsync(new Uri("/orders/7", UriKind.Relative));
        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.True(Host.Log.Has(LogLevel.Error, "Order failed (Status)"));
    }

    [Fact]
    public async Task An_app_that_asks_for_nothing_gets_every_http_call_so()
    {
        var options = new LocalHostOptions { AppRoot = App.Root, Storage = "unused", DurableStorage = "unused", HttpMode = HttpMode.Envelope };
        await using var host = await TestHost.Start(App, Handler, options: options);
        Handler.Answer = _ => RawHandler.Json("""{"Outputs":{"res":{"statusCode":"418"}}}""");
        using var answer = await host.Client.GetAsync(new Uri("/plain", UriKind.Relative));
        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal("POST /Plain HTTP/1.1", Assert.Single(Handler.Requests).Line);
        using var proxied = await Host.Client.GetAsync(new Uri("/plain", UriKind.Relative));
        Assert.Equal("GET /plain HTTP/1.1", Handler.Requests.Last().Line);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused()
    {
        var (status, _) = await RawHttp.Send(Host.Address, "POST /orders/7 HTTP/1.1\nContent-Type: text/plain\nContent-Length: 104857601");
        Assert.Equal(413, status);
        Assert.Empty(Handler.Requests);
    }
}
