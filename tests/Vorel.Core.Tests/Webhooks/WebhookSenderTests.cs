using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vorel.Core.Security.Egress;
using Vorel.Core.Webhooks;
using Vorel.Testing;

namespace Vorel.Core.Tests.Webhooks;

public sealed class WebhookSenderTests
{
    internal const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    internal static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"id\":\"1\",\"name\":\"Zoë \u2028\"}");

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(200, null)]
    [InlineData(204, null)]
    [InlineData(299, null)]
    [InlineData(400, AttemptError.Client)]
    [InlineData(408, AttemptError.Client)]
    [InlineData(410, AttemptError.Client)]
    [InlineData(429, AttemptError.Client)]
    [InlineData(500, AttemptError.Server)]
    [InlineData(503, AttemptError.Server)]
    [InlineData(302, AttemptError.Redirect)]
    [InlineData(304, AttemptError.Redirect)]
    [InlineData(600, AttemptError.Protocol)]
    public async Task Records_the_status_and_its_class(int status, AttemptError? error)
    {
        await using var receiver = RawReceiver.Saying($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");

        var outcome = await Send(receiver);

        Assert.Equal((status, error), (outcome.Status, outcome.Error));
        Assert.True(outcome.Latency > TimeSpan.Zero);
    }

    [Fact]
    public async Task Posts_the_very_bytes_with_signature_type_and_agent_and_nothing_of_our_own_inside()
    {
        await using var receiver = RawReceiver.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var activity = new Activity("a trace of ours").Start();

        await Send(receiver);

        var request = Assert.Single(receiver.Requests);
        var (head, body) = (request.Split("\r\n\r\n")[0].Split("\r\n"), request.Split("\r\n\r\n")[1]);
        Assert.Equal(Encoding.UTF8.GetString(Body), body);
        Assert.Equal(
            [
                "POST /in HTTP/1.1",
                $"Content-Length: {Body.Length}",
                "Content-Type: application/json",
                $"Host: 127.0.0.1:{receiver.Port}",
                "User-Agent: Vorel-Webhooks/1",
                $"X-Webhook-Signature: {WebhookSignature.Sign(Secret, Body)}",
            ],
            head[..1].Concat(head[1..].Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Does_not_follow_a_redirect()
    {
        await using var target = RawReceiver.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var receiver = RawReceiver.Saying(
            $"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{target.Port}/\r\nContent-Length: 0\r\n\r\n");

        var outcome = await Send(receiver, alsoAllowed: target.Port);

        Assert.Equal(AttemptError.Redirect, outcome.Error);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Sends_no_cookie_back()
    {
        await using var receiver = RawReceiver.Saying("HTTP/1.1 200 OK\r\nSet-Cookie: t=1; Path=/\r\nContent-Length: 0\r\n\r\n");
        using var sender = Sender(receiver.Port);

        await sender.Send(Request(receiver.Port), CancellationToken.None);
        await sender.Send(Request(receiver.Port), CancellationToken.None);

        Assert.Equal(2, receiver.Requests.Count);
        Assert.All(receiver.Requests, request => Assert.DoesNotContain("Cookie", request, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Keeps_the_first_KiB_of_the_answer_and_hangs_up_on_the_rest()
    {
        await using var receiver = new RawReceiver(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 500 X\r\n\r\n"u8.ToArray(), token);
            while (true)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 8192)), token);
            }
        });

        var outcome = await Send(receiver);

        Assert.Equal((500, AttemptError.Server), (outcome.Status, outcome.Error));
        Assert.Equal(new string('x', 1024), Encoding.ASCII.GetString(outcome.Excerpt.Span));
        await Eventually.Within(receiver.Closed.Task, "the sender hangs up");
    }

    [Fact]
    public async Task Leaves_a_packed_answer_packed()
    {
        await using var receiver = RawReceiver.Saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd");
        Assert.Equal("abcd", Encoding.ASCII.GetString((await Send(receiver)).Excerpt.Span));
    }

    [Theory]
    [InlineData("")] // nothing at all
    [InlineData("HTTP/1.1 200 OK\r\nX-Slow: 1\r\n")] // headers that never end
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n")] // no final answer
    public async Task Gives_up_after_ten_seconds(string beginning)
    {
        await using var receiver = Hanging(beginning);
        using var sender = Sender(receiver.Port, _clock);

        var sending = sender.Send(Request(receiver.Port), CancellationToken.None);
        await Eventually.True(() => !receiver.Requests.IsEmpty, "the request arrives");
        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        var outcome = await Eventually.Within(sending, "the attempt ends");

        Assert.Equal((null, AttemptError.Timeout), (outcome.Status, outcome.Error));
        Assert.Equal(TimeSpan.FromSeconds(10), outcome.Latency);
        await Eventually.Within(receiver.Closed.Task, "the sender hangs up");
    }

    [Fact]
    public async Task Gives_up_on_headers_that_drip()
    {
        var (outcome, receiver) = await SendToDripping("HTTP/1.1 200 OK\r\nX-Long: ");
        await using (receiver)
        {
            Assert.Equal((null, AttemptError.Timeout), (outcome.Status, outcome.Error));
        }
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(500, AttemptError.Server)]
    public async Task A_body_that_drips_takes_nothing_from_the_status_but_is_cut_after_ten_seconds(int status, AttemptError? error)
    {
        var (outcome, receiver) = await SendToDripping($"HTTP/1.1 {status} X\r\nContent-Length: 900\r\n\r\n");
        await using (receiver)
        {
            Assert.Equal((status, error), (outcome.Status, outcome.Error));
            Assert.StartsWith("x", Encoding.ASCII.GetString(outcome.Excerpt.Span), StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(10), outcome.Latency);
            await Eventually.Within(receiver.Closed.Task, "the sender hangs up");
        }
    }

    [Fact]
    public async Task A_body_that_breaks_off_takes_nothing_from_the_status()
    {
        await using var receiver = RawReceiver.Saying("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nabc");
        var outcome = await Send(receiver);
        Assert.Equal((200, null), (outcome.Status, outcome.Error));
        Assert.Equal("abc", Encoding.ASCII.GetString(outcome.Excerpt.Span));
    }

    [Fact]
    public async Task Takes_a_101_for_a_broken_protocol()
    {
        await using var receiver = Hanging("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
        var outcome = await Send(receiver);
        Assert.Equal((101, AttemptError.Protocol), (outcome.Status, outcome.Error));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("<html>HTTP/0.9</html>\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: x\r\nbroken line\r\n\r\n")]
    public async Task Takes_garbage_for_a_broken_protocol(string answer)
    {
        await using var receiver = RawReceiver.Saying(answer);
        Assert.Equal(AttemptError.Protocol, (await Send(receiver)).Error);
    }

    [Fact]
    public async Task Takes_oversized_headers_for_a_broken_protocol()
    {
        await using var receiver = RawReceiver.Saying($"HTTP/1.1 200 OK\r\nX-Big: {new string('x', 100_000)}\r\n\r\n");
        Assert.Equal(AttemptError.Protocol, (await Send(receiver)).Error);
    }

    [Fact]
    public async Task A_hanging_name_server_counts_against_the_time()
    {
        var guard = new EgressGuard(DevelopmentHosts.None, async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return [];
        });
        using var sender = new WebhookSender(guard, _clock);

        var sending = sender.Send(new("https://hooks.example.com/", Secret, Body), CancellationToken.None);
        _clock.Advance(WebhookSender.DefaultTimeout);
        var outcome = await Eventually.Within(sending, "the attempt ends");

        Assert.Equal(AttemptError.Timeout, outcome.Error);
    }

    [Fact]
    public async Task Lets_the_cancellation_of_its_caller_through()
    {
        await using var receiver = Hanging("");
        using var sender = Sender(receiver.Port);
        using var cancel = new CancellationTokenSource();

        var sending = sender.Send(Request(receiver.Port), cancel.Token);
        await Eventually.True(() => !receiver.Requests.IsEmpty, "the request arrives");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    internal static async Task<AttemptOutcome> Send(RawReceiver receiver, int? alsoAllowed = null)
    {
        using var sender = new WebhookSender(Guard(receiver.Port, alsoAllowed ?? receiver.Port), TimeProvider.System);
        return await sender.Send(Request(receiver.Port), CancellationToken.None);
    }

    internal static WebhookSender Sender(int port, TimeProvider? clock = null) => new(Guard(port), clock ?? TimeProvider.System);

    internal static EgressGuard Guard(params int[] ports) =>
        new(DevelopmentHosts.Parse(string.Join(',', ports.Select(port => $"127.0.0.1:{port}"))));

    internal static WebhookRequest Request(int port) => new($"http://127.0.0.1:{port}/in", Secret, Body);

    private static RawReceiver Hanging(string beginning) => new(async (stream, token) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), token);
        while (await stream.ReadAsync(new byte[16], token) > 0)
        {
        }
    });

    // The receiver says the beginning, then one byte after another; when it has said fifty of them, ten seconds pass.
    private async Task<(AttemptOutcome Outcome, RawReceiver Receiver)> SendToDripping(string beginning)
    {
        var drips = 0;
        var receiver = new RawReceiver(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), token);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), token);
                Interlocked.Increment(ref drips);
                await Task.Delay(TimeSpan.FromMilliseconds(5), token);
            }
        });
        using var sender = Sender(receiver.Port, _clock);

        var sending = sender.Send(Request(receiver.Port), CancellationToken.None);
        await Eventually.True(() => Volatile.Read(ref drips) >= 50, "the receiver drips");
        _clock.Advance(WebhookSender.DefaultTimeout);
        return (await Eventually.Within(sending, "the attempt ends"), receiver);
    }
}
