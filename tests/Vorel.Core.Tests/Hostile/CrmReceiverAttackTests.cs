using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Security.Egress;
using Vorel.Core.Tests.Support;
using Vorel.Core.Tests.Webhooks;
using Vorel.Testing;

namespace Vorel.Core.Tests.Hostile;

/// <summary>CRMs behind a custom webhook that answer to harm: the write fails with a code of ours, and nothing of theirs is kept or followed.</summary>
[Trait("Area", "hostile")]
public sealed class CrmReceiverAttackTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string> Bodies { get; } = new(
        "<!doctype html><html><body>canary</body></html>",
        "canary",
        "",
        " ",
        "null",
        "\"canary\"",
        "[{\"external_id\":\"1\"}]",
        "\u00EF\u00BB\u00BF{\"external_id\":\"1\"}", // a byte order mark
        "{\"external_id\":\"1\"}{\"external_id\":\"2\"}",
        "{\"external_id\":\"1\"",
        "{\"external_id\":\"1\",}",
        "{\"external_id\":\"1\"/*canary*/}",
        "{'external_id':'1'}",
        "{\"external_id\":1e400}",
        "{\"external_id\":{\"canary\":1}}",
        "{\"external_id\":[\"1\"]}",
        "{\"external_id\":\"\u0000\"}",
        "{\"external_id\":\"\\u0000\"}",
        "{\"external_id\":\"a\\r\\nX-Canary: 1\"}",
        "{\"external_id\":\"\\ud800\"}", // a lone surrogate
        "{\"external_id\":\"\u00C0\u00AF\"}", // bytes that are no UTF-8
        "{\"external_id\":\"\u00FF\"}",
        "{\"external_id\":\"1\",\"external_id\":\"2\"}",
        "{\"external_id\":\"1\",\"external\\u005fid\":\"2\"}",
        "{\"external_id\":\"1\",\"record_url\":\"file:///etc/passwd\"}",
        "{\"external_id\":\"1\",\"record_url\":\"javascript:canary()\"}",
        "{\"external_id\":\"1\",\"record_url\":\"https://crm.example.com@evil.example/\"}",
        "{\"external_id\":\"1\",\"record_url\":\"https:\\\\\\\\evil.example\"}",
        "{\"external_id\":\"1\",\"record_url\":\"https://crm.example.com/\\r\\n\"}",
        "{\"external_id\":\"1\",\"record_url\":\"https://" + new string('a', 2048) + "\"}",
        "{\"external_id\":\"" + new string('x', 70_000) + "\"}",
        "{\"external_id\":\"1\",\"deep\":" + new string('[', 1000) + new string(']', 1000) + "}",
        string.Concat(Enumerable.Repeat("{\"external_id\":", 5000)));

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_not_the_agreed_one_fails_the_write_and_is_not_quoted(string body)
    {
        await using var receiver = new RawReceiver((stream, token) => stream.WriteAsync(Encoding.Latin1.GetBytes(Head + body), token).AsTask());

        var failure = await Write(receiver);

        Assert.Equal((CrmErrorCode.ProviderError, true), (failure.Code, failure.Retryable));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Null(failure.InnerException);
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 301 X\r\nLocation: http://169.254.169.254/\r\n\r\n", CrmErrorCode.ProviderError)]
    [InlineData("HTTP/1.1 302 X\r\nLocation: /in\r\n\r\n", CrmErrorCode.ProviderError)]
    [InlineData("HTTP/1.1 307 X\r\nLocation: http://127.0.0.1/\r\n\r\n", CrmErrorCode.ProviderError)]
    [InlineData("HTTP/1.1 308 X\r\nLocation: file:///etc/passwd\r\n\r\n", CrmErrorCode.ProviderError)]
    [InlineData("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", CrmErrorCode.ProviderError)]
    [InlineData("canary, this is HTTP/0.9\r\n", CrmErrorCode.ProviderError)]
    [InlineData("", CrmErrorCode.ProviderUnavailable)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"external_id\":\"1\"}", CrmErrorCode.ProviderUnavailable)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n\u001f\u008b\b", CrmErrorCode.ProviderError)]
    [InlineData("HTTP/1.1 503 X\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\nContent-Length: 6\r\n\r\ncanary", CrmErrorCode.ProviderUnavailable)]
    public async Task An_answer_elsewhere_cut_off_packed_or_none_fails_the_write_after_one_request(string answer, CrmErrorCode code)
    {
        await using var receiver = new RawReceiver((stream, token) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer), token).AsTask());

        var failure = await Write(receiver);

        Assert.Equal((code, true), (failure.Code, failure.Retryable));
        Assert.True(failure.RetryAfter is null || failure.RetryAfter <= RetryAfter.Longest);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        await Eventually.Within(receiver.Closed.Task, "the driver hangs up");
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{\"external_id\":\"", "x")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n{\"external_id\":\"1\",\"padding\":\"", "x")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n[\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"external_id\":\"1\"}\r\n0\r\n", "X: y\r\n")]
    [InlineData("HTTP/1.1 500 X\r\n\r\n", "canary")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: y\r\n")]
    public async Task An_answer_without_an_end_is_cut_and_the_driver_hangs_up(string beginning, string again)
    {
        await using var receiver = new RawReceiver(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), token);
            var flood = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(again, 4096 / again.Length)));
            while (true)
            {
                await stream.WriteAsync(flood, token);
            }
        });

        var failure = await Write(receiver);

        Assert.True(failure.Retryable);
        await Eventually.Within(receiver.Closed.Task, "the driver hangs up");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"external_id\":\"")]
    public async Task An_answer_byte_by_byte_ends_after_ten_seconds(string beginning)
    {
        await using var receiver = new RawReceiver(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), token);
            while (await stream.ReadAsync(new byte[16], token) > 0)
            {
            }
        });

        var writing = Write(receiver);
        await Eventually.True(() => !receiver.Requests.IsEmpty, "the request arrives");
        _clock.Advance(TimeSpan.FromSeconds(10));
        var failure = await Eventually.Within(writing, "the write ends");

        Assert.Equal((CrmErrorCode.ProviderUnavailable, true), (failure.Code, failure.Retryable));
        await Eventually.Within(receiver.Closed.Task, "the driver hangs up");
    }

    private async Task<CrmException> Write(RawReceiver receiver)
    {
        using var registry = LooseDrivers.Registry(new EgressGuard(DevelopmentHosts.Parse($"127.0.0.1:{receiver.Port}")), _clock);
        var credentials = new JsonObject { ["url"] = $"http://127.0.0.1:{receiver.Port}/in", ["secret"] = "a-secret-of-the-callers-own" };
        var driver = registry.Open("custom_webhook", JsonSerializer.SerializeToElement(credentials));
        return await Assert.ThrowsAsync<CrmException>(() => driver.CreateRecord(CrmObject.Lead, new CrmFields(new JsonObject { ["name"] = "Ada" }), "r1", CancellationToken.None));
    }
}
