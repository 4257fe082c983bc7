using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vorel.LocalHost.Clock;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Sandbox;
using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Sandbox;

public sealed class SandboxTests : IAsyncLifetime
{
    private const string Secret = "whsec_c2VjcmV0";
    private const string Create = """{"action":"create","object":"lead","fields":{"name":"Zoë"},"idempotency_key":"r1","sequence":1}""";

    private readonly DomainClock _clock = new(TimeProvider.System, TimeSpan.FromHours(5), 1);
    private readonly HttpClient _client = new();
    private SandboxServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = new SandboxServer(new LocalHostOptions { AppRoot = "", Storage = "", DurableStorage = "", SandboxPort = 0 }, _clock);
        await _server.StartAsync(CancellationToken.None);
        _client.BaseAddress = _server.Address;
        await Behave("inbox", $$"""{"secret":"{{Secret}}"}""");
        await Behave("crm", $$"""{"secret":"{{Secret}}"}""");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_inbox_takes_what_is_signed_and_counts_attempts_by_id()
    {
        const string body = """{"id":"e1","event":"lead.created","data":{"name":"Zoë\u2028 <b>"}}""";
        Assert.Equal(204, await Post("inbox", body, Sign(body)));
        Assert.Equal(204, await Post("inbox", body, Sign(body)));
        Assert.Equal(401, await Post("inbox", body.Replace("e1", "e2", StringComparison.Ordinal), Sign(body)));
        Assert.Equal(401, await Post("inbox", body, Sign(body).ToUpperInvariant()));
        Assert.Equal(401, await Post("inbox", body, signature: null));

        var state = await State("inbox");
        Assert.Equal([5, 2, 3, 1], Numbers(state, "posts", "accepted", "refused", "ids"));
        Assert.Equal(2, state.GetProperty("attempts").GetProperty("e1").GetInt32());
        var first = state.GetProperty("requests")[0];
        Assert.Equal(body, first.GetProperty("body").GetString());
        Assert.Equal(Encoding.UTF8.GetBytes(body), first.GetProperty("body_base64").GetBytesFromBase64());
        var ahead = first.GetProperty("at").GetDateTimeOffset() - first.GetProperty("real_at").GetDateTimeOffset();
        Assert.InRange(ahead, TimeSpan.FromHours(5) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(5) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_receiver_without_a_secret_believes_nobody()
    {
        await Behave("inbox", """{"secret":""}""");
        Assert.Equal(401, await Post("inbox", "{}", Convert.ToHexStringLower(HMACSHA256.HashData([], "{}"u8))));
    }

    [Fact]
    public async Task Behaviour_holds_for_so_many_requests_and_the_secret_stays()
    {
        await Behave("inbox", """{"status":500,"times":2}""");
        foreach (var expected in new[] { 500, 500, 204 })
        {
            Assert.Equal(expected, await Post("inbox", "{}", Sign("{}")));
        }

        await Behave("inbox", """{"reset":true,"times":1}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => Post("inbox", "{}", Sign("{}")));
        Assert.Equal(4, (await State("inbox")).GetProperty("posts").GetInt32());
        await Behave("inbox", """{"off":true}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => Post("inbox", "{}", Sign("{}")));
        await Assert.ThrowsAsync<HttpRequestException>(() => Post("inbox", "{}", Sign("{}")));
        Assert.Equal(4, (await State("inbox")).GetProperty("posts").GetInt32());
        await Behave("inbox", "{}");
        Assert.Equal(204, await Post("inbox", "{}", Sign("{}")));
    }

    [Fact]
    public async Task A_delay_outlasts_a_sender_that_gives_up_and_the_request_is_counted()
    {
        await Behave("inbox", """{"delay_ms":60000,"times":1}""");
        using var patience = new CancellationTokenSource();
        var post = Post("inbox", "{}", Sign("{}"), patience.Token);
        await Eventually.True(async () => (await State("inbox")).GetProperty("posts").GetInt32() == 1, "the request is counted");
        Assert.False(post.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
    }

    [Fact]
    public async Task The_crm_keeps_one_record_for_a_key_and_applies_updates_in_sequence()
    {
        Assert.Equal(201, await Post("crm", Create, Sign(Create)));
        Assert.Equal(200, await Post("crm", Create, Sign(Create)));
        const string third = """{"action":"update","object":"lead","external_id":"crm-000001","fields":{"status":"won"},"idempotency_key":"r1:3","sequence":3}""";
        const string second = """{"action":"update","object":"lead","external_id":"crm-000001","fields":{"status":"old"},"idempotency_key":"r1:2","sequence":2}""";
        const string unknown = """{"action":"update","object":"lead","external_id":"crm-9","fields":{},"idempotency_key":"r9:2","sequence":2}""";
        const string malformed = """{"action":"create"}""";
        Assert.Equal(200, await Post("crm", third, Sign(third)));
        Assert.Equal(200, await Post("crm", second, Sign(second)));
        Assert.Equal(404, await Post("crm", unknown, Sign(unknown)));
        Assert.Equal(400, await Post("crm", malformed, Sign(malformed)));
        Assert.Equal(401, await Post("crm", Create, Sign(third)));

        var state = await State("crm");
        Assert.Equal([7, 4, 1], Numbers(state, "posts", "keys", "refused"));
        var record = Assert.Single(state.GetProperty("records").EnumerateArray().ToArray());
        Assert.Equal("won", record.GetProperty("fields").GetProperty("status").GetString());
        Assert.Equal("Zoë", record.GetProperty("fields").GetProperty("name").GetString());
        Assert.Equal(2, record.GetProperty("writes").GetInt32());
    }

    [Fact]
    public async Task The_crm_answers_a_connection_test_and_keeps_nothing_of_it()
    {
        const string ping = """{"action":"ping"}""";
        Assert.Equal(204, await Post("crm", ping, Sign(ping)));
        Assert.Equal(401, await Post("crm", ping, Sign("{}")));
        Assert.Equal(0, (await State("crm")).GetProperty("records").GetArrayLength());
    }

    [Fact]
    public async Task An_answer_can_be_lost_after_the_work_was_done()
    {
        await Behave("crm", """{"reset":true,"apply":true,"times":1}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => Post("crm", Create, Sign(Create)));
        Assert.Equal(200, await Post("crm", Create, Sign(Create)));
        Assert.Single((await State("crm")).GetProperty("records").EnumerateArray().ToArray());
    }

    [Fact]
    public async Task The_create_answer_carries_id_and_url()
    {
        using var request = Message("crm", Create, Sign(Create));
        using var answer = await _client.SendAsync(request);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("crm-000001", json.GetProperty("external_id").GetString());
        Assert.Equal($"{_server.Address}sandbox/crm#crm-000001", json.GetProperty("record_url").GetString());
    }

    [Theory]
    [InlineData("inbox", """{"id":"<script>x</script>","event":"\"><img src=x onerror=1>","data":"&<'"}""")]
    [InlineData("crm", """{"action":"create","object":"<script>x</script>","fields":{"<i>":"</code><b>"},"idempotency_key":"\"><img src=x>","sequence":1}""")]
    public async Task Pages_escape_all_they_show(string receiver, string body)
    {
        await Post(receiver, body, Sign(body));
        var page = await _client.GetStringAsync(new Uri($"/sandbox/{receiver}", UriKind.Relative));
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":99}""")]
    [InlineData("""{"times":-1}""")]
    [InlineData("""{"nonsense":1}""")]
    [InlineData("nonsense")]
    public async Task A_behaviour_that_makes_no_sense_is_refused(string behavior) => Assert.Equal(HttpStatusCode.BadRequest, await Put("inbox", behavior));

    [Fact]
    public async Task Only_the_last_five_hundred_requests_are_kept_but_all_are_counted()
    {
        for (var n = 0; n < Inbox.Kept + 5; n++)
        {
            await Post("inbox", "{}", Sign("{}"));
        }

        var state = await State("inbox");
        Assert.Equal(Inbox.Kept, state.GetProperty("requests").GetArrayLength());
        Assert.Equal(Inbox.Kept + 5, state.GetProperty("posts").GetInt32());
        using var cleared = await _client.DeleteAsync(new Uri("/sandbox/inbox", UriKind.Relative));
        Assert.Equal(0, (await State("inbox")).GetProperty("posts").GetInt32());
    }

    private static string Sign(string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)));

    private static int[] Numbers(JsonElement state, params string[] names) => [.. names.Select(name => state.GetProperty(name).GetInt32())];

    private static HttpRequestMessage Message(string receiver, string body, string? signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/sandbox/{receiver}", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
        {
            request.Headers.Add("X-Webhook-Signature", signature);
        }

        return request;
    }

    private async Task<int> Post(string receiver, string body, string? signature, CancellationToken cancellationToken = default)
    {
        using var request = Message(receiver, body, signature);
        using var answer = await _client.SendAsync(request, cancellationToken);
        return (int)answer.StatusCode;
    }

    private Task<JsonElement> State(string receiver) => _client.GetFromJsonAsync<JsonElement>(new Uri($"/sandbox/{receiver}.json", UriKind.Relative));

    private async Task Behave(string receiver, string behavior) => Assert.Equal(HttpStatusCode.NoContent, await Put(receiver, behavior));

    private async Task<HttpStatusCode> Put(string receiver, string behavior)
    {
        using var content = new StringContent(behavior);
        using var answer = await _client.PutAsync(new Uri($"/sandbox/{receiver}/behavior", UriKind.Relative), content);
        return answer.StatusCode;
    }
}
