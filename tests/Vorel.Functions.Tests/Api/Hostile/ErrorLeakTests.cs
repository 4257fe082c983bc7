using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Storage;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Whatever fails inside, with whatever in its message: the caller reads one fixed text, and the log lines hold no word of it.</summary>
[Trait("Area", "hostile")]
public sealed class ErrorLeakTests
{
    private const string Secret = $"AccountKey={HostileApi.Canary}; customer +1 555 0100\r\nerror Forged[1] line \u001b[31m";

    private static readonly Dictionary<string, Func<Exception>> s_failures = new()
    {
        ["a broken row"] = () => new InvalidDataException(Secret),
        ["a bug"] = () => new InvalidOperationException(Secret),
        ["no access"] = () => new UnauthorizedAccessException(Secret),
        ["a bad format"] = () => new FormatException(Secret),
        ["broken JSON"] = () => new JsonException(Secret, Secret, 1, 1),
        ["a missing key"] = () => new KeyNotFoundException(Secret),
        ["no support"] = () => new NotSupportedException(Secret),
        ["several at once"] = () => new AggregateException(Secret, new InvalidOperationException(Secret), new IOException(Secret)),
        ["one within another"] = () => new InvalidOperationException(Secret, new HttpRequestException(Secret, new SocketException(10061, Secret))),
        ["a file that is not there"] = () => new FileNotFoundException(Secret, "/home/" + HostileApi.Canary),
        ["a cancellation that nobody asked for"] = () => new OperationCanceledException(Secret),
        ["no memory"] = () => new InsufficientMemoryException(Secret),
        ["a time-out"] = () => new TimeoutException(Secret),
        ["storage's own error"] = () => new global::Azure.RequestFailedException(403, Secret, "AuthenticationFailed", innerException: null),
    };

    public static TheoryData<string> Failures => [.. s_failures.Keys];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task No_failure_tells_a_caller_or_a_log_what_it_was_about(string failure)
    {
        FaultyStore? store = null;
        var api = await HostileApi.Start(services =>
        {
            var inner = (IRowStore)services.Last(service => service.ServiceType == typeof(IRowStore)).ImplementationInstance!;
            services.AddSingleton<IRowStore>(store = new FaultyStore(inner));
        });
        var (status, code) = failure == "a time-out" ? (503, "unavailable") : (500, "internal_error");
        var failed = 0;
        foreach (var where in (string[])["get", "query", "commit"])
        {
            store!.Before = (operation, _, _) => operation == where ? throw s_failures[failure]() : Task.CompletedTask;
            foreach (var call in Calls(api))
            {
                var before = api.Api.Store.Dump().Count;

                var answer = await call();

                // Not every call comes by every operation; those that do not are no failures.
                if (answer.Status is 500 or 503)
                {
                    Assert.Equal(before, api.Api.Store.Dump().Count);
                    Assert.Equal((status, code), (answer.Status, answer.Code));
                    Assert.Equal(["type", "title", "status", "code", "request_id"], answer.Json.Select(member => member.Key));
                }

                failed += answer.Status is 500 or 503 ? 1 : 0;
                Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
            }
        }

        Assert.InRange(failed, 15, 30);
        api.AssertNothingPrinted();
        Assert.Contains(api.Log.Printed, line => line.StartsWith("error ProblemBoundary[5] Request ", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log.Printed, line => line.StartsWith("error Forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_field_of_half_a_megabyte_of_escapes_and_line_ends_is_in_no_answer_and_no_log()
    {
        var api = await HostileApi.Start();
        var text = string.Concat(Enumerable.Repeat(@"\r\nerror Forged[1] \u001b[2J " + HostileApi.Canary, 9_000));

        foreach (var (method, path, client) in api.BodyRoutes)
        {
            foreach (var member in (string[])["name", "customer_identifier", "url", "target_url", "notes"])
            {
                var body = new ByteArrayContent(Encoding.UTF8.GetBytes($"{{\"{member}\":\"{text}\"}}")) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                await api.AssertRefused(400, "validation_error", () => client.Send(method, path, body), $"{method} {path} {member}");
            }
        }
    }

    [Fact]
    public async Task What_is_in_headers_and_addresses_is_in_no_log()
    {
        var api = await HostileApi.Start();
        foreach (var line in (string[])["GET /v1/leads/c4n4ry-7f3a9?x=c4n4ry-7f3a9 HTTP/1.1", "POST /Live?c4n4ry-7f3a9 HTTP/1.1", "POST /Live HTTP/1.1", "c4n4ry-7f3a9 / HTTP/1.1", "GET /c4n4ry-7f3a9%0d%0aerror%20Forged HTTP/1.1"])
        {
            await RawHttp.Exchange(api.Api.Handler.Address, Encoding.UTF8.GetBytes(
                $"{line}\r\nHost: c4n4ry-7f3a9\r\nUser-Agent: c4n4ry-7f3a9 \u001b[31m\r\nX-Request-Id: c4n4ry-7f3a9\r\nReferer: c4n4ry-7f3a9\r\nAuthorization: Bearer c4n4ry-7f3a9\r\nConnection: close\r\n\r\n"));
        }

        api.AssertNothingPrinted();
        // That a function's name was tried is worth a line; it holds the name as we know it.
        Assert.Contains("warn HostCalls[3] A call that is not the host's own named the function Live and was refused: host.\n", api.Log.Printed);
    }

    private static IEnumerable<Func<Task<ApiAnswer>>> Calls(HostileApi api)
    {
        var own = api.Own;
        yield return () => own.Client.Get("/v1/leads");
        yield return () => own.Client.Get(own.LeadPath);
        yield return () => own.Client.Post("/v1/conversations", """{"channel":"voice","customer_identifier":"c4n4ry-7f3a9"}""", "key");
        yield return () => own.Client.Patch(own.LeadPath, """{"name":"c4n4ry-7f3a9"}""");
        yield return () => api.Api.Operator.Get($"/api/tenant/{own.Tenant}/webhook-subscriptions");
        yield return () => api.Api.Operator.Get($"/api/tenant/{own.Tenant}/deliveries");
        yield return () => api.Api.Operator.Get($"/api/tenant/{own.Tenant}/incidents");
        yield return () => api.Api.Operator.Post("/api/tenant", """{"name":"c4n4ry-7f3a9"}""");
        yield return () => api.Api.Operator.Post($"/api/tenant/{own.Tenant}/api-keys", """{"name":"c4n4ry-7f3a9","scopes":["read"]}""");
        yield return () => api.Api.Operator.Put($"/api/tenant/{own.Tenant}/crm", """{"provider":"custom_webhook","url":"https://crm.example.com/c4n4ry-7f3a9","secret":"c4n4ry-7f3a9-secret"}""");
        yield return () => api.Api.Operator.Post($"/api/tenant/{own.Tenant}/webhook-subscriptions", """{"target_url":"https://hooks.example.com/c4n4ry-7f3a9","events":["lead.created"]}""");
    }
}
