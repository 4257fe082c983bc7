using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vorel.Functions.Tests.Support;

/// <summary>
/// A handler with a tenant and a neighbour that each have a conversation and a lead. What it refuses is held to one form: the
/// right status and code, problem details that tell nothing, not a row or message changed, and no word of the caller's printed.
/// </summary>
internal sealed class HostileApi
{
    /// <summary>Stands in what attackers send; it must come up in no answer and no log.</summary>
    public const string Canary = "c4n4ry-7f3a9";

    private static readonly string[] s_scopes = ["read", "leads:write", "conversations:write"];

    /// <summary>What would give away how the thing is made, or what somebody sent.</summary>
    private static readonly string[] s_leaks = [Canary, "Exception", "   at ", ".cs:", "System.", "Microsoft.", "Vorel.", "AccountKey", "/home/", "/work/", "PartitionKey", "stack"];

    private static readonly string[] s_members = ["type", "title", "status", "detail", "code", "request_id", "errors"];

    private int _judged;

    private HostileApi(ApiHarness api, LogLines log) => (Api, Log) = (api, log);

    public ApiHarness Api { get; }

    public LogLines Log { get; }

    public Party Own { get; private set; } = null!;

    public Party Neighbour { get; private set; } = null!;

    /// <summary>The addresses that take a body, with the client that may call them.</summary>
    public IReadOnlyList<(HttpMethod Method, string Path, ApiClient Client)> BodyRoutes =>
    [
        (HttpMethod.Post, "/v1/conversations", Own.Client),
        (HttpMethod.Patch, Own.ConversationPath, Own.Client),
        (HttpMethod.Post, "/v1/leads", Own.Client),
        (HttpMethod.Patch, Own.LeadPath, Own.Client),
        (HttpMethod.Post, "/api/tenant", Api.Operator),
        (HttpMethod.Post, $"/api/tenant/{Own.Tenant}/api-keys", Api.Operator),
        (HttpMethod.Put, $"/api/tenant/{Own.Tenant}/crm", Api.Operator),
        (HttpMethod.Put, $"/api/tenant/{Own.Tenant}/crm/archive", Api.Operator),
        (HttpMethod.Post, $"/api/tenant/{Own.Tenant}/crm/oauth", Api.Operator),
        (HttpMethod.Post, $"/api/tenant/{Own.Tenant}/crm/archive/oauth", Api.Operator),
        (HttpMethod.Post, $"/api/tenant/{Own.Tenant}/webhook-subscriptions", Api.Operator),
        (HttpMethod.Post, $"/api/tenant/{Own.Tenant}/redrives", Api.Operator),
        (HttpMethod.Post, $"/api/tenant/{Own.Tenant}/audit/verify", Api.Operator),
    ];

    public static async Task<HostileApi> Start(Action<IServiceCollection>? replace = null)
    {
        var log = new LogLines();
        var api = await ApiHarness.Start(services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            replace?.Invoke(services);
        });
        var hostile = new HostileApi(api, log);
        hostile.Own = await hostile.NewParty();
        hostile.Neighbour = await hostile.NewParty();
        return hostile;
    }

    /// <summary>A refusal of this status and code, in the one form.</summary>
    public async Task<ApiAnswer> AssertRefused(int status, string code, Func<Task<ApiAnswer>> call, string? what = null)
    {
        var before = Api.Dump();

        var answer = await call();

        Assert.True(answer.Status == status, $"{what} answered {answer.Status} {answer.Body}");
        AssertProblem(answer.Body, status, code);
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), answer.Text("request_id"));
        Assert.Equal(before, Api.Dump());
        AssertNothingPrinted();
        return answer;
    }

    /// <summary>Sends bytes as they are and expects a refusal: by the server (no body) if <paramref name="code"/> is null, else by us.</summary>
    public async Task<string> AssertRefusedRaw(int status, string? code, byte[] request, bool enough = false)
    {
        var before = Api.Dump();

        var answers = RawAnswers.Split(await RawHttp.Exchange(Api.Handler.Address, request, enough: enough));

        var answer = Assert.Single(answers);
        Assert.Equal(status, answer.Status);
        if (code is null)
        {
            Assert.Equal("", answer.Body);
        }
        else
        {
            AssertProblem(answer.Body, status, code);
        }

        Assert.Equal(before, Api.Dump());
        AssertNothingPrinted();
        return answer.Head;
    }

    /// <summary>Nothing of what was sent was printed, and every record is one line without control characters.</summary>
    public void AssertNothingPrinted()
    {
        foreach (var line in Log.Printed.Skip(_judged))
        {
            _judged++;
            Assert.DoesNotContain(Canary, line, StringComparison.Ordinal);
            Assert.DoesNotContain(line[..^1], char.IsControl);
            Assert.EndsWith("\n", line, StringComparison.Ordinal);
        }
    }

    private static void AssertProblem(string body, int status, string code)
    {
        var problem = JsonNode.Parse(body)!.AsObject();
        Assert.Equal((status, code), (problem["status"]!.GetValue<int>(), problem["code"]!.GetValue<string>()));
        Assert.Equal("urn:vorel:problem:" + code, problem["type"]!.GetValue<string>());
        Assert.Subset(s_members.ToHashSet(), problem.Select(member => member.Key).ToHashSet());
        Assert.All(s_leaks, leak => Assert.DoesNotContain(leak, body, StringComparison.Ordinal));
        Assert.InRange(body.Length, 1, 20_000);
    }

    private async Task<Party> NewParty()
    {
        var tenant = await Api.Tenant();
        var key = (await Api.IssueKey(tenant, s_scopes)).Text("key");
        var client = Api.As(key);
        var conversation = (await client.Post("/v1/conversations", """{"channel":"webform","customer_identifier":"ada@example.com"}""")).Text("id");
        var lead = (await client.Post("/v1/leads", $$"""{"conversation_id":"{{conversation}}","name":"Ada"}""")).Text("id");
        return new Party(tenant, key, client, conversation, lead);
    }

    internal sealed record Party(string Tenant, string Key, ApiClient Client, string Conversation, string Lead)
    {
        public string ConversationPath => "/v1/conversations/" + Conversation;

        public string LeadPath => "/v1/leads/" + Lead;

        /// <summary>The head of a raw request up to the headers that a test adds.</summary>
        public string Head(string requestLine) => $"{requestLine} HTTP/1.1\r\nHost: app.example\r\nAuthorization: Bearer {Key}\r\n";

        public override string ToString() => Tenant;
    }
}
