using System.Net;
using System.Text.Json;
using Vorel.LocalHost.Http.Keys;
using Vorel.LocalHost.Tests.Support;

namespace Vorel.LocalHost.Tests.Http.Keys;

/// <summary>Who is let in with which key, on HTTP functions and on the host's own API.</summary>
public sealed class HostKeyTests : IAsyncLifetime
{
    private readonly TestApp _published = new TestApp()
        .Http("Open", "open").Http("Keyed", "keyed", authLevel: null).Http("Other", "other", authLevel: "Function").Http("Closed", "closed", authLevel: "admin")
        .Http("Odd", "odd", authLevel: "user")
        .Function("Flow", """{"type":"orchestrationTrigger","direction":"in","name":"context"}""");

    private readonly RawHandler _handler = new();
    private TestHost _host = null!;
    private HostKeys _keys = null!;

    public async Task InitializeAsync()
    {
        _host = await TestHost.Start(_published, _handler);
        _keys = _host.Get<HostKeys>();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _handler.DisposeAsync();
        _published.Dispose();
    }

    [Theory]
    [InlineData("/open", "", true)]
    [InlineData("/open", "wrong", true)]
    [InlineData("/keyed", "", false)]
    [InlineData("/keyed", "wrong", false)]
    [InlineData("/keyed", "own", true)]
    [InlineData("/keyed", "host", true)]
    [InlineData("/keyed", "master", true)]
    [InlineData("/keyed", "system", false)]
    [InlineData("/other", "own", false)]
    [InlineData("/closed", "", false)]
    [InlineData("/closed", "host", false)]
    [InlineData("/closed", "master", true)]
    [InlineData("/admin/host/status", "", false)]
    [InlineData("/admin/host/status", "host", false)]
    [InlineData("/admin/host/status", "master", true)]
    [InlineData("/admin/host/keys", "host", false)]
    [InlineData("/admin/functions", "host", false)]
    [InlineData("/admin/functions/Keyed/status", "own", false)]
    [InlineData("/admin/functions/Keyed/keys", "own", false)]
    [InlineData("/admin/host/ping", "", true)]
    [InlineData("/admin/clock", "", true)]
    public async Task Each_level_lets_in_its_keys_by_header_or_query_and_nobody_else(string path, string who, bool opens)
    {
        foreach (var inQuery in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, inQuery && who.Length > 0 ? $"{path}?code={Key(who)}" : path);
            if (!inQuery && who.Length > 0)
            {
                request.Headers.Add("x-functions-key", Key(who));
            }

            using var answer = await _host.Client.SendAsync(request);
            Assert.Equal(opens ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(opens && !path.StartsWith("/admin", StringComparison.Ordinal) ? 2 : 0, _handler.Requests.Count);
    }

    [Fact]
    public async Task The_header_goes_before_the_query_and_both_go_on_to_the_handler()
    {
        using var wrong = await Get($"/keyed?code={_keys.Master}", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Empty(_handler.Requests);

        using var right = await Get("/keyed?code=wrong", _keys.Host);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        var request = Assert.Single(_handler.Requests);
        Assert.Equal("/keyed?code=wrong", request.Target);
        Assert.Equal(_keys.Host, request.Value("x-functions-key"));
    }

    [Fact]
    public async Task A_level_that_is_not_known_keeps_the_function_from_loading()
    {
        Assert.Equal(["Odd"], _published.Catalog.Errors.Keys);
        using var answer = await Get("/odd", _keys.Master);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_keys_api_tells_each_scope_its_keys()
    {
        Assert.Equal([("default", _keys.Host)], await List("/admin/host/keys"));
        Assert.Equal([("default", _keys.Host)], await List("/admin/host/functionkeys"));
        Assert.Equal([(KeyEndpoints.DurableExtension, _keys.System(KeyEndpoints.DurableExtension))], await List("/admin/host/systemkeys"));
        Assert.Equal([("default", _keys.Function("Keyed"))], await List("/admin/functions/keyed/keys"));
        Assert.Equal(_keys.Master, (await Json("/admin/host/systemkeys/_master")).GetProperty("value").GetString());
        Assert.Equal(_keys.System(KeyEndpoints.DurableExtension), (await Json($"/admin/host/systemkeys/{KeyEndpoints.DurableExtension}")).GetProperty("value").GetString());
        Assert.Equal("default", (await Json("/admin/host/keys/default")).GetProperty("name").GetString());
        foreach (var unknown in new[] { "/admin/host/keys/x", "/admin/host/systemkeys/x", "/admin/functions/Nobody/keys", "/admin/functions/Keyed/keys/x" })
        {
            using var answer = await _host.Admin.GetAsync(new Uri(unknown, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Keys_outlive_the_host_differ_from_each_other_and_are_in_no_line_of_the_log()
    {
        string[] all = [_keys.Master, _keys.Host, _keys.Function("Keyed"), _keys.Function("Other"), _keys.System("a"), _keys.System("default"), _keys.System("keyed")];
        Assert.Equal(all.Length, all.Distinct(StringComparer.Ordinal).Count());

        using (await Get("/keyed", _keys.Host))
        using (await Get("/keyed", "wrong"))
        {
            Assert.DoesNotContain(_host.Log.Lines, line => all.Any(key => line.Text.Contains(key, StringComparison.Ordinal)));
        }

        var again = new HostKeys(_host.State);
        await again.Restore(CancellationToken.None);
        var another = new HostKeys(new MemoryState());
        await another.Restore(CancellationToken.None);
        Assert.Equal((_keys.Master, _keys.Function("Keyed")), (again.Master, again.Function("Keyed")));
        Assert.NotEqual(_keys.Master, another.Master);
        Assert.True(_keys.Master.Length >= 40);
    }

    private string Key(string who) => who switch
    {
        "own" => _keys.Function("Keyed"),
        "host" => _keys.Host,
        "master" => _keys.Master,
        "system" => _keys.System(KeyEndpoints.DurableExtension),
        _ => who,
    };

    private async Task<HttpResponseMessage> Get(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "x-functions-key", key } } };
        return await _host.Client.SendAsync(request);
    }

    private async Task<IReadOnlyList<(string, string)>> List(string path) =>
        [.. (await Json(path)).GetProperty("keys").EnumerateArray().Select(key => (key.GetProperty("name").GetString()!, key.GetProperty("value").GetString()!))];

    private async Task<JsonElement> Json(string path) => JsonSerializer.Deserialize<JsonElement>(await _host.Admin.GetStringAsync(new Uri(path, UriKind.Relative)));
}
