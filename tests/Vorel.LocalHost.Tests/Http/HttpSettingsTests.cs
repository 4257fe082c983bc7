using System.Net;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Tests.Support;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Http;

/// <summary>What host.json says of HTTP: limits, and the way to the handler.</summary>
public sealed class HttpSettingsTests
{
    [Fact]
    public async Task One_call_runs_one_waits_and_the_third_is_one_too_many()
    {
        using var app = new TestApp(
            """
            {"customHandler":{"enableForwardingHttpRequest":true,"description":{"defaultExecutablePath":"handler"}},
             "extensions":{"http":{"routePrefix":"","maxConcurrentRequests":1,"maxOutstandingRequests":2}}}
            """).Http("Api", "{*path}").Http("Keyed", "keyed", authLevel: null);
        using var go = new SemaphoreSlim(0);
        var calls = 0;
        await using var handler = await KestrelHandler.Start(async _ =>
        {
            Interlocked.Increment(ref calls);
            await go.WaitAsync();
        });
        await using var host = await TestHost.Start(app, endpoint: handler.Endpoint);
        var runs = host.Client.GetAsync(new Uri("/a", UriKind.Relative));
        await Eventually.True(() => Volatile.Read(ref calls) == 1, "the first call");

        // Of two more, whichever comes second finds no place to wait.
        Task<int>[] two = [Status(host, "/b"), Status(host, "/c")];
        var refused = await Task.WhenAny(two);
        Assert.Equal(429, await refused);
        Assert.Equal(401, await Status(host, "/keyed"));
        Assert.Equal(1, Volatile.Read(ref calls));

        go.Release(10);
        Assert.Equal(HttpStatusCode.OK, (await runs).StatusCode);
        Assert.Equal(200, await two.Single(call => call != refused));
        Assert.Equal(200, await Status(host, "/d"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    public void A_limit_that_lets_nothing_through_is_refused(string limit)
    {
        using var app = new TestApp("""{"customHandler":{"description":{"defaultExecutablePath":"h"}},"extensions":{"http":{"maxConcurrentRequests":LIMIT}}}""".Replace("LIMIT", limit, StringComparison.Ordinal));
        Assert.Contains("maxConcurrentRequests", Assert.Throws<InvalidDataException>(() => app.Configuration).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpMode.Envelope)]
    [InlineData("\"enableForwardingHttpRequest\":true,", HttpMode.Forwarding)]
    [InlineData("\"enableProxyingHttpRequest\":true,", HttpMode.Proxying)]
    [InlineData("\"enableForwardingHttpRequest\":true,\"enableProxyingHttpRequest\":true,", HttpMode.Proxying)]
    [InlineData("\"enableForwardingHttpRequest\":true,\"enableProxyingHttpRequest\":false,", HttpMode.Forwarding)]
    public void Host_json_says_how_requests_travel_and_proxying_goes_first(string flags, HttpMode expected)
    {
        using var app = new TestApp("""{"customHandler":{FLAGS"description":{"defaultExecutablePath":"h"}}}""".Replace("FLAGS", flags, StringComparison.Ordinal));
        Assert.Equal(expected, app.Configuration.Http.Mode);
    }

    private static async Task<int> Status(TestHost host, string path)
    {
        using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        return (int)answer.StatusCode;
    }
}
