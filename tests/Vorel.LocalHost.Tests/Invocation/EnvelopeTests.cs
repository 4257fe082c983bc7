using System.Text;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Invocation;

public sealed class EnvelopeTests : IAsyncLifetime
{
    private readonly TestApp _published = new TestApp("""{"customHandler":{"description":{"defaultExecutablePath":"handler"}}}""")
        .Function("Work", """{"type":"activityTrigger","direction":"in","name":"input"}""")
        .Function("Start", """{"type":"activityTrigger","direction":"in","name":"input"},{"type":"durableClient","direction":"in","name":"client"}""");

    private readonly RawHandler _handler = new();
    private TestHost _host = null!;

    private IFunctionInvoker Invoker => _host.Get<IFunctionInvoker>();

    public async Task InitializeAsync() => _host = await TestHost.Start(_published, _handler);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _handler.DisposeAsync();
        _published.Dispose();
    }

    [Fact]
    public async Task A_call_is_one_chunked_line_of_json_with_the_hosts_headers()
    {
        _handler.Answer = _ => RawHandler.Json("""{"outputs":{},"Logs":["one"],"returnValue":"{\"a\":1.10}"}""");
        var result = await Call("Work", ("input", BindingValue.Text("{\"ä\":\"\u2028\"}")));

        var request = Assert.Single(_handler.Requests);
        Assert.Equal("POST /Work HTTP/1.1", request.Line);
        var body = """{"Data":{"input":"\"{\\\"ä\\\":\\\"\\u2028\\\"}\""},"Metadata":{"instanceId":"\"abc\"","sys":{"MethodName":"Work","UtcNow":"2026-01-02T03:04:05.01Z","RandGuid":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}}}""";
        Assert.Equal(body, request.Text);
        Assert.Equal($"{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n0\r\n\r\n", Encoding.UTF8.GetString(request.RawBody), ignoreCase: true);
        Assert.Equal(
            ["Content-Type: application/json; charset=utf-8", $"Host: {_handler.Endpoint.Address.Authority}", "Transfer-Encoding: chunked", "User-Agent: Azure-Functions-Host/4.1037.0.0", "X-Azure-Functions-HostVersion: 4.1037.0.0"],
            request.HeaderLines.Where(line => !line.StartsWith("X-Azure-Functions-InvocationId: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.True(Guid.TryParse(request.Value("X-Azure-Functions-InvocationId"), out _));
        Assert.Equal("{\"a\":1.10}", Assert.IsType<InvocationResult.Success>(result).ReturnValue!.GetValue<string>());
        Assert.True(_host.Log.Has(Microsoft.Extensions.Logging.LogLevel.Information, "Work: one"));
    }

    [Theory]
    [InlineData("500 Short reason", "application/json", "{}", "Status", "Response status code does not indicate success: 500 (Short reason).")]
    [InlineData("404 Not Found", "application/json", "{}", "Status", "Response status code does not indicate success: 404 (Not Found).")]
    [InlineData("302 Found", "application/json", "{}", "Status", "Response status code does not indicate success: 302 (Found).")]
    [InlineData("200 OK", "text/plain", "{}", "BadAnswer", "Invalid HttpResponseMessage:")]
    [InlineData("200 OK", "application/json", "{oops", "BadAnswer", "{oops")]
    [InlineData("500 ", "application/json", "{}", "Status", "success: 500")]
    public async Task An_answer_that_is_not_a_2xx_json_object_is_a_failure(string status, string type, string body, string kind, string message)
    {
        _handler.Answer = _ => RawHandler.Reply(status, type, body);
        var failure = Assert.IsType<InvocationResult.Failure>(await Call("Work"));
        Assert.Equal(kind, failure.Kind.ToString());
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull")]
    public async Task An_empty_answer_hangs_until_the_timeout_and_then_asks_for_the_handlers_restart(string answer)
    {
        using var published = new TestApp("""{"functionTimeout":"00:00:02","customHandler":{"description":{"defaultExecutablePath":"handler"}}}""")
            .Function("Work", """{"type":"activityTrigger","direction":"in","name":"input"}""");
        await using var host = await TestHost.Start(published, _handler);
        _handler.Answer = _ => answer;
        var restart = host.Handler.Gate.Open(_handler.Endpoint);
        var result = await host.Get<IFunctionInvoker>().Invoke(
            published.Catalog.Functions[0], new Dictionary<string, BindingValue>(), new Dictionary<string, BindingValue>(), CancellationToken.None);
        Assert.True(host.Log.Has(Microsoft.Extensions.Logging.LogLevel.Critical, "WITH AN EMPTY BODY OR null"));
        Assert.Equal(InvocationFailure.TimedOut, Assert.IsType<InvocationResult.Failure>(result).Kind);
        await restart.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        _handler.Answer = request => request.Target == "/Work"
            ? RawHandler.Reply("307 Temporary Redirect", "text/plain", "", "Location: /Elsewhere")
            : RawHandler.Json("""{"ReturnValue":"there"}""");
        Assert.Equal("there", Assert.IsType<InvocationResult.Success>(await Call("Work")).ReturnValue!.GetValue<string>());
        Assert.Equal(["POST /Work HTTP/1.1", "POST /Elsewhere HTTP/1.1"], _handler.Requests.Select(request => request.Line));
    }

    [Fact]
    public async Task A_redirect_is_a_failure_where_requests_are_forwarded()
    {
        using var published = new TestApp("""{"customHandler":{"description":{"defaultExecutablePath":"handler"},"enableForwardingHttpRequest":true}}""")
            .Function("Work", """{"type":"activityTrigger","direction":"in","name":"input"}""");
        await using var host = await TestHost.Start(published, _handler);
        _handler.Answer = _ => RawHandler.Reply("302 Found", "text/plain", "", "Location: /Elsewhere");
        var result = await host.Get<IFunctionInvoker>().Invoke(
            published.Catalog.Functions[0], new Dictionary<string, BindingValue>(), new Dictionary<string, BindingValue>(), CancellationToken.None);
        Assert.Contains("success: 302 (Found)", Assert.IsType<InvocationResult.Failure>(result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_connection_is_a_failure_of_its_own_kind()
    {
        _handler.Answer = _ => null;
        Assert.Equal(InvocationFailure.ConnectionLost, Assert.IsType<InvocationResult.Failure>(await Call("Work")).Kind);
    }

    [Fact]
    public async Task A_call_waits_for_a_handler_that_starts()
    {
        var gate = _host.Handler.Gate;
        gate.Close();
        var call = Call("Work");
        Assert.False(call.IsCompleted);
        Assert.Empty(_handler.Requests);
        _ = gate.Open(_handler.Endpoint);
        Assert.IsType<InvocationResult.Success>(await call);
    }

    private Task<InvocationResult> Call(string function, params IEnumerable<(string Name, BindingValue Value)> data) => Invoker.Invoke(
        _published.Catalog.Functions.Single(candidate => candidate.Name == function),
        data.ToDictionary(pair => pair.Name, pair => pair.Value),
        new Dictionary<string, BindingValue>
        {
            ["instanceId"] = BindingValue.Text("abc"),
            ["activityTrigger"] = BindingValue.Text("never sent"),
            ["sys"] = TriggerMetadata.System("Work", new DateTimeOffset(2026, 1, 2, 3, 4, 5, 10, TimeSpan.Zero), Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
        },
        CancellationToken.None);
}
