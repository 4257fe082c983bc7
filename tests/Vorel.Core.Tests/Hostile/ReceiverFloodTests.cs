using System.Net;
using System.Net.Sockets;
using System.Text;
using Vorel.Core.Tests.Webhooks;
using Vorel.Core.Webhooks;
using Vorel.Testing;
using static Vorel.Core.Tests.Webhooks.WebhookSenderTests;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Receivers of webhooks that never stop talking, never listen, or talk out of turn.</summary>
[Trait("Area", "hostile")]
public sealed class ReceiverFloodTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("", "\r\n")]
    [InlineData("", "x")]
    [InlineData("HTTP/1.1 ", "2")]
    [InlineData("HTTP/1.1 200 ", "OK")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: y\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "y")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "\r\n ")]
    [InlineData("", "\0\0\0\u0004\0\0\0\0\0\0\0\u0008\u0007\0\0\0\0\0\0\0\0\0\0\0\0\0")] // HTTP/2: SETTINGS, GOAWAY
    public async Task A_flood_before_the_final_answer_is_a_failed_attempt_and_the_sender_hangs_up(string beginning, string again)
    {
        await using var receiver = Flooding(beginning, again);

        var outcome = await Eventually.Within(Send(receiver), "the attempt ends");

        Assert.Equal((null, AttemptError.Protocol), (outcome.Status, outcome.Error));
        await Eventually.Within(receiver.Closed.Task, "the sender hangs up");
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "x")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", "x")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;x=y\r\nx\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=", "y")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0", "0")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n")]
    public async Task A_flood_after_the_final_answer_takes_nothing_from_it_and_the_sender_hangs_up(string beginning, string again)
    {
        await using var receiver = Flooding(beginning, again);

        var outcome = await Eventually.Within(Send(receiver), "the attempt ends");

        Assert.Equal((200, null), (outcome.Status, outcome.Error));
        Assert.True(outcome.Excerpt.Length <= 1024);
        await Eventually.Within(receiver.Closed.Task, "the sender hangs up");
    }

    [Fact]
    public async Task A_receiver_that_never_reads_ends_the_attempt_like_one_that_never_answers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var sender = Sender(port, _clock);
        var body = new byte[32 * 1024 * 1024];

        var sending = sender.Send(Request(port) with { Body = body }, CancellationToken.None);
        using var deaf = await listener.AcceptTcpClientAsync();
        _clock.Advance(WebhookSender.DefaultTimeout);
        var outcome = await Eventually.Within(sending, "the attempt ends");

        Assert.Equal((null, AttemptError.Timeout), (outcome.Status, outcome.Error));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_too_many_is_never_taken_for_the_answer_to_the_next_attempt(string answers)
    {
        var connections = 0;
        await using var receiver = new RawReceiver(async (stream, token) =>
        {
            var answer = Interlocked.Increment(ref connections) == 1 ? answers : Ok;
            do
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
            }
            while (await stream.ReadAsync(new byte[4096], token) > 0);
        });
        using var sender = Sender(receiver.Port);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(200, (await sender.Send(Request(receiver.Port), CancellationToken.None)).Status);
        }

        // A connection that rests for long is not taken again either, so there may be more.
        Assert.InRange(connections, 2, 3);
    }

    private static RawReceiver Flooding(string beginning, string again) => new(async (stream, token) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), token);
        var flood = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(again, 4096 / again.Length)));
        while (true)
        {
            await stream.WriteAsync(flood, token);
        }
    });
}
