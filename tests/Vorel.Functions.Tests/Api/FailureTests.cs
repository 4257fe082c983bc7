using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Core.Storage;
using Vorel.Functions.Api;
using Vorel.Functions.Api.Problems;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api;

public sealed class FailureTests
{
    private const string Conversation = """{"channel":"webform","customer_identifier":"ada@example.com"}""";

    [Theory]
    [InlineData("GET", "/v1/leads")]
    [InlineData("POST", "/v1/conversations")]
    [InlineData("PATCH", "/v1/leads/x")]
    [InlineData("POST", "/api/tenant")]
    public async Task While_the_store_is_down_every_call_is_503_with_a_time_to_come_back_and_nothing_is_written(string method, string path)
    {
        var (api, store) = await Start();
        await using var running = api;
        var key = (await api.IssueKey(await api.Tenant(), "read", "leads:write", "conversations:write")).Text("key");
        var client = path.StartsWith("/api", StringComparison.Ordinal) ? api.Operator : api.As(key);
        var before = api.Dump();
        store.Before = (_, _, _) => throw new StoreUnavailableException("Table X did not answer.");

        var answer = method switch
        {
            "POST" => await client.Post(path, path.StartsWith("/api", StringComparison.Ordinal) ? """{"name":"Test"}""" : Conversation),
            "PATCH" => await client.Patch(path, """{"status":"closed"}"""),
            _ => await client.Get(path),
        };

        Assert.Equal((503, "unavailable"), (answer.Status, answer.Code));
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.DoesNotContain("Table X", answer.Body, StringComparison.Ordinal);
        Assert.Equal(before, api.Dump());
    }

    [Fact]
    public async Task A_write_whose_commit_fails_is_503_leaves_no_row_and_can_be_repeated_under_its_key()
    {
        var (api, store) = await Start();
        await using var running = api;
        var client = await api.Key(await api.Tenant(), "read", "conversations:write");
        store.Before = (operation, table, _) => (operation, table) == ("commit", "Records")
            ? throw new StoreUnavailableException("Table X did not answer.")
            : Task.CompletedTask;

        var failed = await client.Post("/v1/conversations", Conversation, "key-1");
        Assert.DoesNotContain(api.Store.Dump(), row => row.Table == "Records");
        store.Before = (_, _, _) => Task.CompletedTask;
        var repeated = await client.Post("/v1/conversations", Conversation, "key-1");

        Assert.Equal((503, "unavailable"), (failed.Status, failed.Code));
        Assert.True(failed.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Null(failed.Headers.Location);
        Assert.Equal(201, repeated.Status);
    }

    [Fact]
    public async Task An_error_of_ours_is_500_and_tells_nothing()
    {
        var (api, store) = await Start();
        await using var running = api;
        store.Before = (_, _, _) => throw new InvalidOperationException("AccountKey=secret");

        var answer = await api.Operator.Post("/api/tenant", """{"name":"Test"}""");

        Assert.Equal((500, "internal_error"), (answer.Status, answer.Code));
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_while_it_is_rendered_is_answered_as_a_problem_and_not_behind_half_an_answer()
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        var boundary = new ProblemBoundary(Half, NullLogger<ProblemBoundary>.Instance);

        await boundary.InvokeAsync(context);

        Assert.Equal("internal_error", JsonNode.Parse(body.ToArray())!["code"]!.GetValue<string>());
        Assert.Equal((500, body.Length), (context.Response.StatusCode, context.Response.ContentLength));

        static Task Half(HttpContext context) => JsonAnswer.Write(context, 200, "application/json", json =>
        {
            json.WriteStartObject();
            json.WriteString("name", "Ada");
            throw new InvalidOperationException("a row that nobody expected");
        });
    }

    private static async Task<(ApiHarness Api, FaultyStore Store)> Start()
    {
        FaultyStore? faulty = null;
        var api = await ApiHarness.Start(services =>
        {
            var inner = (IRowStore)services.Last(service => service.ServiceType == typeof(IRowStore)).ImplementationInstance!;
            services.AddSingleton<IRowStore>(faulty = new FaultyStore(inner));
        });
        return (api, faulty!);
    }
}
