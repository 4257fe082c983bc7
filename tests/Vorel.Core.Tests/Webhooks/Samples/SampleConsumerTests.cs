using System.Text;
using System.Text.Json;
using Vorel.Core.Security.Egress;
using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.Webhooks.Samples;

/// <summary>Our own sender against the sample that customers start from.</summary>
public sealed class SampleConsumerTests
{
    private readonly string _secret = WebhookSecret.Generate();

    [Fact]
    public async Task Accepts_what_we_send_non_ASCII_and_line_separators_included()
    {
        await using var consumer = await ConsumerProcess.Start(_secret);
        using var sender = Sender(consumer);

        // The separators unescaped, as bytes of UTF-8.
        var outcome = await sender.Send(Request(consumer, Envelope("1", "Zoë 東京 \u2028\u2029 😀")), CancellationToken.None);

        Assert.Equal((200, null), (outcome.Status, outcome.Error));
        Assert.Equal(("processed", "1"), await ReadVerdict(consumer));
    }

    [Fact]
    public async Task Refuses_a_flipped_byte_and_a_foreign_or_missing_signature()
    {
        await using var consumer = await ConsumerProcess.Start(_secret);
        var body = Envelope("1", "Zoë");
        var flipped = body.ToArray();
        flipped[20] ^= 1;
        var signature = WebhookSignature.Sign(_secret, body);

        Assert.Equal(401, await Post(consumer, flipped, signature));
        Assert.Equal(401, await Post(consumer, body, WebhookSignature.Sign(WebhookSecret.Generate(), body)));
        Assert.Equal(401, await Post(consumer, body, signature[..^1]));
        Assert.Equal(401, await Post(consumer, body, signature[..^1] + "é"));
        Assert.Equal(401, await Post(consumer, body, null));
        Assert.Equal(200, await Post(consumer, body, signature));
    }

    [Fact]
    public async Task Acknowledges_a_replay_without_working_twice()
    {
        await using var consumer = await ConsumerProcess.Start(_secret);
        using var sender = Sender(consumer);
        var request = Request(consumer, Envelope("1", "a"));

        Assert.Equal(200, (await sender.Send(request, CancellationToken.None)).Status);
        Assert.Equal(200, (await sender.Send(request, CancellationToken.None)).Status);

        Assert.Equal(("processed", "1"), await ReadVerdict(consumer));
        Assert.Equal(("duplicate", "1"), await ReadVerdict(consumer));
    }

    [Fact]
    public async Task Works_on_the_retry_after_its_own_failure()
    {
        await using var consumer = await ConsumerProcess.Start(_secret, failFirst: 2);
        using var sender = Sender(consumer);
        var request = Request(consumer, Envelope("1", "a"));

        Assert.Equal(AttemptError.Server, (await sender.Send(request, CancellationToken.None)).Error);
        Assert.Equal(AttemptError.Server, (await sender.Send(request, CancellationToken.None)).Error);
        Assert.Null((await sender.Send(request, CancellationToken.None)).Error);

        Assert.Equal(("failed", "1"), await ReadVerdict(consumer));
        Assert.Equal(("failed", "1"), await ReadVerdict(consumer));
        Assert.Equal(("processed", "1"), await ReadVerdict(consumer));
    }

    [Fact]
    public async Task Prints_no_body()
    {
        await using var consumer = await ConsumerProcess.Start(_secret);
        var body = Envelope("1", "canary");
        await Post(consumer, body, WebhookSignature.Sign(_secret, body));

        Assert.DoesNotContain("canary", (await consumer.ReadLine()).ToJsonString(), StringComparison.Ordinal);
    }

    private static byte[] Envelope(string id, string name) => Encoding.UTF8.GetBytes(
        $$$"""{"id":"{{{id}}}","event":"lead.created","created_at":"2026-01-05T09:00:00Z","tenant_id":"t","data":{"name":"{{{name}}}"}}""");

    private static WebhookSender Sender(ConsumerProcess consumer) =>
        new(new EgressGuard(DevelopmentHosts.Parse($"127.0.0.1:{consumer.Port}")), TimeProvider.System);

    private static async Task<(string? Verdict, string? Id)> ReadVerdict(ConsumerProcess consumer)
    {
        var line = await consumer.ReadLine();
        return (line["verdict"]!.GetValue<string>(), line["id"]?.GetValue<string>());
    }

    private static async Task<int> Post(ConsumerProcess consumer, byte[] body, string? signature)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{consumer.Port}/") { Content = new ByteArrayContent(body) };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation(WebhookSignature.HeaderName, signature);
        }

        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private WebhookRequest Request(ConsumerProcess consumer, byte[] body) => new($"http://127.0.0.1:{consumer.Port}/webhooks/vorel", _secret, body);
}
