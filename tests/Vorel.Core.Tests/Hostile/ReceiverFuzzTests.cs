using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Vorel.Core.Crm;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tests.Support;
using Vorel.Core.Tests.Webhooks;
using Vorel.Core.Webhooks;
using static Vorel.Core.Tests.Webhooks.WebhookSenderTests;

namespace Vorel.Core.Tests.Hostile;

/// <summary>Answers put together from pieces, in any order and number: each is an outcome, none an exception that nobody expects.</summary>
[Trait("Area", "hostile")]
public sealed class ReceiverFuzzTests : IAsyncLifetime
{
    private static readonly Gen<string> s_answers = Gen.Elements(
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 101 X\r\n", "HTTP/1.1 204 X\r\n", "HTTP/1.1 304 X\r\n", "HTTP/1.1 503 X\r\n", "HTTP/1.0 200 OK\r\n",
        "HTTP/1.1 2", "HTTP/9.9 200 OK\r\n", "ICY 200 OK\r\n", "\r\n", "\n", "\r", " ", "\t", "\0", ":", "\u00FF\u00FE", "\u0016\u0003\u0001",
        "Content-Length: 5\r\n", "Content-Length: -5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: 0x5\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: x, chunked\r\n",
        "Content-Encoding: gzip\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", "Location: ::\r\n", "Retry-After: 1e9\r\n", "Content-Type: ;;\r\n", "Set-Cookie: a\r\n",
        "Trailer: X\r\n", "X: " + new string('y', 5000) + "\r\n", "5\r\nhello\r\n", "0\r\n\r\n", "5;a=b\r\n", "-1\r\n", "FFFFFFFF\r\n", "{\"external_id\":\"1\"}", "{", "\"\\ud800\"", new string('z', 3000))
        .ListOf()
        .Select(pieces => string.Concat(pieces));

    private readonly RawReceiver _receiver;
    private string _answer = "";

    public ReceiverFuzzTests() => _receiver = new RawReceiver((stream, token) => stream.WriteAsync(Encoding.Latin1.GetBytes(_answer), token).AsTask());

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _receiver.DisposeAsync().AsTask();

    [Fact]
    public void Whatever_a_receiver_says_an_attempt_has_an_outcome()
    {
        using var sender = Sender(_receiver.Port);
        Prop.ForAll(s_answers.Select(text => "HTTP/1.1 200 OK\r\n" + text).ToArbitrary(), Attempt).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
        Prop.ForAll(s_answers.ToArbitrary(), Attempt).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        bool Attempt(string answer)
        {
            _answer = answer;
            var outcome = sender.Send(Request(_receiver.Port), CancellationToken.None).GetAwaiter().GetResult();
            return outcome.Excerpt.Length <= 1024 && (outcome.Error is null) == (outcome.Status is >= 200 and < 300);
        }
    }

    [Fact]
    public void Whatever_a_crm_says_a_write_gives_a_reference_or_fails_with_our_code()
    {
        using var registry = LooseDrivers.Registry(Guard(_receiver.Port), TimeProvider.System);
        var driver = registry.Open(
            "custom_webhook",
            JsonSerializer.SerializeToElement(new JsonObject { ["url"] = $"http://127.0.0.1:{_receiver.Port}/in", ["secret"] = "a-secret-of-the-callers-own" }));
        Prop.ForAll(s_answers.Select(text => "HTTP/1.1 200 OK\r\n" + text).ToArbitrary(), Write).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        bool Write(string answer)
        {
            _answer = answer;
            try
            {
                return driver.CreateRecord(CrmObject.Lead, new CrmFields([]), "r1", CancellationToken.None).GetAwaiter().GetResult().ExternalId == "1";
            }
            catch (CrmException failure)
            {
                return failure.RetryAfter is null || failure.RetryAfter <= RetryAfter.Longest;
            }
        }
    }
}
