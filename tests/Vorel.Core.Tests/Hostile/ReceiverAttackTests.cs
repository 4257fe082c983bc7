using System.Net.Sockets;
using System.Text;
using Vorel.Core.Tests.Webhooks;
using Vorel.Core.Webhooks;
using Vorel.Testing;
using static Vorel.Core.Tests.Webhooks.WebhookSenderTests;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Receivers of webhooks that answer to harm: each gets one request and no second one, and never an exception out of the sender.</summary>
[Trait("Area", "hostile")]
public sealed class ReceiverAttackTests
{
    public static TheoryData<string, int?, AttemptError?> Answers { get; } = new()
    {
        // Elsewhere.
        { "HTTP/1.1 300 X\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 300, AttemptError.Redirect },
        { "HTTP/1.1 301 X\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", 301, AttemptError.Redirect },
        { "HTTP/1.1 302 X\r\nLocation: http://localhost/\r\nContent-Length: 0\r\n\r\n", 302, AttemptError.Redirect },
        { "HTTP/1.1 303 X\r\nLocation: /in\r\nContent-Length: 0\r\n\r\n", 303, AttemptError.Redirect },
        { "HTTP/1.1 305 X\r\nLocation: http://127.0.0.1:3128/\r\nContent-Length: 0\r\n\r\n", 305, AttemptError.Redirect },
        { "HTTP/1.1 307 X\r\nLocation: //169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 307, AttemptError.Redirect },
        { "HTTP/1.1 308 X\r\nLocation: \\\\evil\\share\r\nContent-Length: 0\r\n\r\n", 308, AttemptError.Redirect },
        { "HTTP/1.1 302 X\r\nLocation: \0\r\nContent-Length: 0\r\n\r\n", 302, AttemptError.Redirect },
        { "HTTP/1.1 200 OK\r\nAlt-Svc: h3=\"169.254.169.254:443\"; persist=1\r\nContent-Length: 0\r\n\r\n", 200, null },
        { "HTTP/1.1 200 OK\r\nRefresh: 0; url=http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", 200, null },

        // Credentials.
        { "HTTP/1.1 401 X\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", 401, AttemptError.Client },
        { "HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", 401, AttemptError.Client },
        { "HTTP/1.1 407 X\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", 407, AttemptError.Client },

        // Lengths that lie.
        { "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 200, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx", 200, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx", 200, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy", 200, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 200, null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nx", 200, null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx", 200, null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 200, null },
        { "HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\nhello", 204, null },

        // Status lines and headers that are none.
        { "HTTP/1.1 000 X\r\n\r\n", 0, AttemptError.Protocol },
        { "HTTP/1.1 099 X\r\n\r\n", 99, AttemptError.Protocol },
        { "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", 999, AttemptError.Protocol },
        { "HTTP/1.1 1000 X\r\n\r\n", null, AttemptError.Protocol },
        { "HTTP/1.1 -20 X\r\n\r\n", null, AttemptError.Protocol },
        { "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", null, AttemptError.Protocol },
        { "HTTP/1.1 200 OK\r\n: x\r\n\r\n", null, AttemptError.Protocol },
        { "HTTP/1.1 200 OK\r\nX\0Y: 1\r\n\r\n", null, AttemptError.Protocol },
        { "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 0\r\n\r\n", 200, null },
        { "HTTP/1.1 200 \u001b[31mred\u001b[0m\r\nContent-Length: 0\r\n\r\n", 200, null },
        { "HTTP/1.1 200 OK\r\nContent-Type: \"\r\nContent-Length: 0\r\n\r\n", 200, null },
        { "HTTP/1.1 200 OK\r\nDate: yesterday\r\nExpires: -1\r\nContent-Length: 0\r\n\r\n", 200, null },

        // Other protocols.
        { "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 101, AttemptError.Protocol },
        { "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n\0\0\0\u0004\0\0\0\0\0", 101, AttemptError.Protocol },
        { "hello, this is HTTP/0.9\r\n", null, AttemptError.Protocol },
        { "+OK ready\r\n", null, AttemptError.Protocol },
        { "-ERR unknown command 'POST'\r\n", null, AttemptError.Protocol },
        { "\r\n\r\n", null, AttemptError.Protocol },
        { "\0\0\0\0", null, AttemptError.Connection },

        // When to come again is the ladder's business alone.
        { "HTTP/1.1 503 X\r\nRetry-After: -1\r\nContent-Length: 0\r\n\r\n", 503, AttemptError.Server },
        { "HTTP/1.1 503 X\r\nRetry-After: 1e9\r\nContent-Length: 0\r\n\r\n", 503, AttemptError.Server },
        { "HTTP/1.1 503 X\r\nRetry-After: abc\r\nContent-Length: 0\r\n\r\n", 503, AttemptError.Server },
        { "HTTP/1.1 503 X\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n", 503, AttemptError.Server },
        { "HTTP/1.1 503 X\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n", 503, AttemptError.Server },
        { "HTTP/1.1 503 X\r\nRetry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n", 503, AttemptError.Server },
        { "HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", 429, AttemptError.Client },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Each_answer_has_its_class_and_gets_no_second_request(string answer, int? status, AttemptError? error)
    {
        await using var receiver = RawReceiver.Saying(answer);

        var outcome = await Send(receiver);

        Assert.Equal((status, error), (outcome.Status, outcome.Error));
        await Eventually.Within(receiver.Closed.Task, "the sender hangs up");
        var request = Assert.Single(receiver.Requests);
        Assert.DoesNotContain("Authorization", request, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Cookie", request, StringComparison.OrdinalIgnoreCase);
    }
}
