using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Azure.Queues;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Queues;
using Vorel.LocalHost.Tests.Support;
using Vorel.LocalHost.Timers;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Invocation;

/// <summary>
/// What a handler receives, byte for byte, written down from the host's contract. Only what differs at every call (ids, receipts,
/// times) is taken from the call itself.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed partial class TriggerEnvelopeTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_queue_trigger()
    {
        using var app = new TestApp()
            .Function("Live", """{"type":"queueTrigger","direction":"in","name":"msg","queueName":"live","connection":"AzureWebJobsStorage"}""");
        var queue = new QueueClient(azurite.ConnectionString, "live");
        await queue.CreateIfNotExistsAsync();
        var sent = (await queue.SendMessageAsync("{\"v\":1,\"row\":\"Zoë \u2028 <&>\",\"list\":[1]}", timeToLive: TimeSpan.FromSeconds(-1))).Value;

        var request = await Capture<QueueService>(app);
        var text = request.Text;
        var (visible, receipt, now, guid) = (Find(text, NextVisible()), Find(text, Receipt()), Find(text, UtcNow()), Find(text, RandomId()));
        var expected =
            """{"Data":{"msg":"\"{\\\"v\\\":1,\\\"row\\\":\\\"Zoë \\u2028 <&>\\\",\\\"list\\\":[1]}\""},"Metadata":{"DequeueCount":"1","ExpirationTime":"9999-12-31T23:59:59+00:00","Id":"\"MESSAGE\"","InsertionTime":"INSERTED","NextVisibleTime":"VISIBLE","PopReceipt":"\"RECEIPT\"","v":"\"1\"","row":"\"Zoë \\u2028 <&>\"","sys":{"MethodName":"Live","UtcNow":"NOW","RandGuid":"GUID"}}}"""
                .Replace("MESSAGE", sent.MessageId, StringComparison.Ordinal)
                .Replace("INSERTED", sent.InsertionTime.ToString("yyyy-MM-ddTHH:mm:ss") + "+00:00", StringComparison.Ordinal)
                .Replace("VISIBLE", visible, StringComparison.Ordinal)
                .Replace("RECEIPT", receipt, StringComparison.Ordinal)
                .Replace("NOW", now, StringComparison.Ordinal)
                .Replace("GUID", guid, StringComparison.Ordinal);
        AssertRequest(request, "Live", expected);
    }

    [Fact]
    public async Task A_timer_trigger()
    {
        using var app = new TestApp()
            .Function("Tick", """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 */5 * * * *"}""");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 5, 0, 10, TimeSpan.Zero));
        var state = new MemoryState();
        state.Values["timer-Tick"] = """{"Last":"2026-01-02T03:00:00+00:00","Next":"2026-01-02T03:05:00+00:00","LastUpdated":"2026-01-02T03:00:00+00:00"}""";

        var request = await Capture<TimerService>(app, state, services => services.AddSingleton(new DomainClock(time)));
        AssertRequest(
            request,
            "Tick",
            """{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-01-02T03:00:00+00:00","Next":"2026-01-02T03:05:00+00:00","LastUpdated":"2026-01-02T03:00:00+00:00"},"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"Tick","UtcNow":"2026-01-02T03:05:00.01Z","RandGuid":"GUID"}}}"""
                .Replace("GUID", Find(request.Text, RandomId()), StringComparison.Ordinal));
    }

    private async Task<RawRequest> Capture<TListener>(TestApp app, MemoryState? state = null, Action<IServiceCollection>? more = null)
        where TListener : Microsoft.Extensions.Hosting.BackgroundService
    {
        await using var handler = new RawHandler();
        var options = new LocalHostOptions { AppRoot = app.Root, Storage = azurite.ConnectionString, DurableStorage = azurite.ConnectionString };
        await using var host = await TestHost.Start(app, handler, state, options, services =>
        {
            services.AddHostedService<TListener>();
            more?.Invoke(services);
        });
        return await Eventually.NotNull(() => Task.FromResult(handler.Requests.FirstOrDefault()), "the call");
    }

    private static void AssertRequest(RawRequest request, string function, string body)
    {
        Assert.Equal($"POST /{function} HTTP/1.1", request.Line);
        Assert.Equal(body, request.Text);
        Assert.Equal($"{Encoding.UTF8.GetByteCount(body):X}\r\n{body}\r\n0\r\n\r\n", Encoding.UTF8.GetString(request.RawBody), ignoreCase: true);
        Assert.Equal("application/json; charset=utf-8", Assert.Single(request.Values("Content-Type")));
        Assert.Equal("chunked", Assert.Single(request.Values("Transfer-Encoding")));
        Assert.Empty(request.Values("Content-Length"));
        Assert.Equal("Azure-Functions-Host/4.1037.0.0", Assert.Single(request.Values("User-Agent")));
        Assert.Equal("4.1037.0.0", Assert.Single(request.Values("X-Azure-Functions-HostVersion")));
        Assert.True(Guid.TryParse(Assert.Single(request.Values("X-Azure-Functions-InvocationId")), out _));
        Assert.StartsWith("127.0.0.1:", Assert.Single(request.Values("Host")), StringComparison.Ordinal);
        Assert.Equal(6, request.HeaderLines.Count);
    }

    private static string Find(string text, Regex pattern)
    {
        var match = pattern.Match(text);
        Assert.True(match.Success, $"{pattern} in {text}");
        return match.Groups["value"].Value;
    }

    [GeneratedRegex("""
        "NextVisibleTime":"(?<value>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)"
        """, RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex NextVisible();

    [GeneratedRegex("""
        "PopReceipt":"\\"(?<value>[A-Za-z0-9+/=]+)\\""
        """, RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex Receipt();

    [GeneratedRegex("""
        "UtcNow":"(?<value>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?Z)"
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UtcNow();

    [GeneratedRegex("""
        "RandGuid":"(?<value>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RandomId();
}
