using System.Text.Json.Nodes;
using Vorel.LocalHost.Development;

namespace Vorel.EndToEnd.Tests.Infrastructure;

/// <summary>A tenant of one test, with an API key, seen from outside.</summary>
internal sealed class TestTenant : IDisposable
{
    private static int _visitors;
    private readonly LocalClient _operator;

    private TestTenant(LocalClient operatorClient, LocalClient api, string id, string apiKey)
    {
        _operator = operatorClient;
        Api = api;
        Id = id;
        ApiKey = apiKey;
    }

    public string Id { get; }

    public string ApiKey { get; }

    /// <summary>Calls with the tenant's key.</summary>
    public LocalClient Api { get; }

    public static async Task<TestTenant> Create(Uri front, LocalClient operatorClient, params string[] scopes)
    {
        var tenant = await operatorClient.Expect(HttpMethod.Post, "/api/tenant", new JsonObject { ["name"] = "Test" }, CancellationToken.None);
        var id = tenant["id"]!.GetValue<string>();
        var key = await NewKey(operatorClient, id, scopes);
        return new TestTenant(operatorClient, new LocalClient(front, key), id, key);
    }

    /// <summary>Issues another API key and gives its text.</summary>
    public Task<string> NewKey(params string[] scopes) => NewKey(_operator, Id, scopes);

    /// <summary>Subscribes and gives the signing secret.</summary>
    public async Task<Subscription> Subscribe(string url, params string[] events)
    {
        var answer = await _operator.Expect(
            HttpMethod.Post,
            $"/api/tenant/{Id}/webhook-subscriptions",
            new JsonObject { ["target_url"] = url, ["events"] = new JsonArray([.. events.Select(name => JsonValue.Create(name))]) },
            CancellationToken.None);
        return new Subscription(answer["id"]!.GetValue<string>(), answer["secret"]!.GetValue<string>());
    }

    /// <summary>Takes a subscription away.</summary>
    public Task Unsubscribe(string id) =>
        _operator.Expect(HttpMethod.Delete, $"/api/tenant/{Id}/webhook-subscriptions/{id}", null, CancellationToken.None);

    /// <summary>Connects the custom-webhook CRM, which has to take the test that comes with it.</summary>
    public async Task ConnectCrm(string url, string secret)
    {
        var answer = await _operator.Expect(
            HttpMethod.Put,
            $"/api/tenant/{Id}/crm",
            new JsonObject { ["provider"] = "custom_webhook", ["url"] = url, ["secret"] = secret },
            CancellationToken.None);
        Assert.Equal("active", answer["status"]!.GetValue<string>());
    }

    /// <summary>Posts a conversation and gives its id.</summary>
    public async Task<string> PostConversation()
    {
        var answer = await Api.Expect(
            HttpMethod.Post,
            "/v1/conversations",
            new JsonObject { ["channel"] = "webform", ["customer_identifier"] = $"visitor-{Interlocked.Increment(ref _visitors)}@example.com" },
            CancellationToken.None);
        return answer["id"]!.GetValue<string>();
    }

    /// <summary>Posts a conversation and a lead in it, and gives the lead.</summary>
    public async Task<JsonObject> PostLead(string name = "Ada Example")
    {
        var lead = new JsonObject { ["conversation_id"] = await PostConversation(), ["name"] = name };
        return await Api.Expect(HttpMethod.Post, "/v1/leads", lead, CancellationToken.None);
    }

    /// <summary>The tenant's deliveries, newest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> Deliveries()
    {
        var page = await _operator.Expect(HttpMethod.Get, $"/api/tenant/{Id}/deliveries", null, CancellationToken.None);
        return [.. page["data"]!.AsArray().Select(delivery => delivery!.AsObject())];
    }

    /// <summary>The same tenant at a host that was started again elsewhere.</summary>
    public TestTenant At(Uri front, LocalClient operatorClient) => new(operatorClient, new LocalClient(front, ApiKey), Id, ApiKey);

    public void Dispose() => Api.Dispose();

    private static async Task<string> NewKey(LocalClient operatorClient, string tenant, string[] scopes)
    {
        var key = await operatorClient.Expect(
            HttpMethod.Post,
            $"/api/tenant/{tenant}/api-keys",
            new JsonObject { ["name"] = "test", ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]) },
            CancellationToken.None);
        return key["key"]!.GetValue<string>();
    }
}

/// <summary>A subscription and its secret, which is shown once.</summary>
internal sealed record Subscription(string Id, string Secret);
