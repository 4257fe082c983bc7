using System.Net;
using System.Text;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tests.Webhooks;
using Vorel.Core.Webhooks;
using Vorel.Testing;

namespace Vorel.Core.Tests.Hostile;

/// <summary>What may stand where a TLS 1.2 or 1.3 handshake should be: older versions, alerts, other protocols, nothing. The bytes are written by hand.</summary>
[Trait("Area", "hostile")]
public sealed class HandshakeAttackTests
{
    private const string Host = "hooks.example.com";

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string, byte[]> Answers { get; } = new()
    {
        { "TLS 1.0", ServerHello(3, 1) },
        { "TLS 1.1", ServerHello(3, 2) },
        { "SSL 3.0", ServerHello(3, 0) },
        { "a version that does not exist", ServerHello(3, 9) },
        { "a fatal alert", [21, 3, 3, 0, 2, 2, 40] },
        { "an alert that is cut off", [21, 3, 3, 0, 2, 2] },
        { "a record of 64 KiB", [22, 3, 3, 255, 255, .. new byte[65535]] },
        { "application data at once", [23, 3, 3, 0, 1, 0] },
        { "plain HTTP", Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") },
        { "SSH", Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.9\r\n") },
        { "SMTP", Encoding.ASCII.GetBytes("220 mail.example.com ESMTP\r\n") },
        { "zeros", new byte[4096] },
        { "nothing, and the connection closed", [] },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task No_handshake_is_a_failed_attempt_and_not_a_byte_of_the_event_is_sent(string what, byte[] answer)
    {
        await using var receiver = new RawReceiver((stream, token) => stream.WriteAsync(answer, token).AsTask(), Hello);

        var outcome = await Eventually.Within(Send(receiver.Port, TimeProvider.System), what);

        Assert.Equal((null, AttemptError.Tls), (outcome.Status, outcome.Error));
        Assert.True(outcome.Excerpt.IsEmpty);
        Assert.DoesNotContain("canary", string.Concat(receiver.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_never_goes_on_counts_against_the_time()
    {
        await using var receiver = new RawReceiver(
            async (stream, token) =>
            {
                while (await stream.ReadAsync(new byte[16], token) > 0)
                {
                }
            },
            Hello);

        var sending = Send(receiver.Port, _clock);
        await Eventually.True(() => !receiver.Requests.IsEmpty, "the handshake begins");
        _clock.Advance(WebhookSender.DefaultTimeout);
        var outcome = await Eventually.Within(sending, "the attempt ends");

        Assert.Equal((null, AttemptError.Timeout), (outcome.Status, outcome.Error));
    }

    private static async Task<AttemptOutcome> Send(int port, TimeProvider time)
    {
        var guard = new EgressGuard(DevelopmentHosts.Parse($"{Host}:{port}"), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        using var sender = new WebhookSender(guard, time);
        return await sender.Send(new WebhookRequest($"https://{Host}:{port}/in", "whsec_canary", "{\"canary\":1}"u8.ToArray()), CancellationToken.None);
    }

    /// <summary>Whether the whole client hello is there: a record header with its length, then the record.</summary>
    private static bool Hello(ReadOnlySpan<byte> received) => received.Length >= 5 && received.Length >= 5 + ((received[3] << 8) | received[4]);

    /// <summary>A server hello of a version (RFC 2246, 7.4.1.3), choosing TLS_RSA_WITH_AES_128_CBC_SHA.</summary>
    private static byte[] ServerHello(byte major, byte minor)
    {
        byte[] body = [major, minor, .. new byte[32], 0, 0, 47, 0];
        return [22, major, minor, 0, (byte)(body.Length + 4), 2, 0, 0, (byte)body.Length, .. body];
    }
}
