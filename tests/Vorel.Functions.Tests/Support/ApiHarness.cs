using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Messaging;
using Vorel.Core.Security.Egress;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Functions.Settings;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Support;

/// <summary>The whole handler over stores in memory, with an operator and helpers for tenants.</summary>
internal sealed class ApiHarness : IAsyncDisposable
{
    private const string OperatorText = "vop_of_the_tests";
    private readonly RunningHandler _handler;

    private ApiHarness(RunningHandler handler, InMemoryRowStore store, InMemoryWorkQueue queue)
    {
        _handler = handler;
        Store = store;
        Queue = queue;
        Operator = new ApiClient(handler.Http, OperatorText);
    }

    public InMemoryRowStore Store { get; }

    public InMemoryWorkQueue Queue { get; }

    /// <summary>Calls as the operator.</summary>
    public ApiClient Operator { get; }

    public RunningHandler Handler => _handler;

    public static async Task<ApiHarness> Start(Action<IServiceCollection>? replace = null, Func<HandlerSettings, HandlerSettings>? configure = null)
    {
        var store = new InMemoryRowStore();
        var queue = new InMemoryWorkQueue(TimeProvider.System);
        var settings = RunningHandler.Settings with
        {
            OperatorTokenHash = SHA256.HashData(Encoding.UTF8.GetBytes(OperatorText)),
            DevelopmentHosts = DevelopmentHosts.Parse("127.0.0.1:9"),
        };
        var handler = await RunningHandler.Start(configure?.Invoke(settings) ?? settings, services =>
        {
            services.AddSingleton<IRowStore>(store);
            services.AddSingleton<IWorkQueue>(queue);

            // Nobody is called: whatever is connected takes its test and holds everything.
            services.AddSingleton<CrmDriverOpener>(_ => new GuestsOnlyCrm([.. Enum.GetValues<CrmObject>()]));
            replace?.Invoke(services);
        });
        return new ApiHarness(handler, store, queue);
    }

    /// <summary>Calls with any token, or none.</summary>
    public ApiClient As(string? token) => new(_handler.Http, token);

    /// <summary>A new tenant's id.</summary>
    public async Task<string> Tenant()
    {
        var answer = await Operator.Post("/api/tenant", """{"name":"Test"}""");
        return answer.Text("id");
    }

    /// <summary>A client with a new key of the tenant's.</summary>
    public async Task<ApiClient> Key(string tenant, params string[] scopes) => As((await IssueKey(tenant, scopes)).Text("key"));

    /// <summary>Issues a key.</summary>
    public Task<ApiAnswer> IssueKey(string tenant, params string[] scopes) =>
        Operator.Post($"/api/tenant/{tenant}/api-keys", new JsonObject { ["name"] = "test", ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]) }.ToJsonString());

    /// <summary>The id of an incident of the tenant's that is open from now on.</summary>
    public async Task<string> Incident(string tenant, string type, string subject)
    {
        var id = Guid.CreateVersion7();
        Assert.True(TenantId.TryParse(tenant, out var owner));
        var columns = new Dictionary<string, object> { ["incident"] = id, ["type"] = type, ["subject"] = subject, ["opened_at"] = DateTimeOffset.UtcNow };
        await Store.Commit("Incidents", Partition.Of(owner), [new RowWrite.Upsert($"open|{type}|{subject}", columns)], default);
        return id.ToString("D");
    }

    /// <summary>Everything that is stored and queued, as text to compare.</summary>
    public string Dump()
    {
        var text = new StringBuilder();
        foreach (var (table, partition, row) in Store.Dump())
        {
            text.Append(table).Append('|').Append(partition).Append('|').Append(row.Key).Append('|').Append(row.ETag);
            foreach (var (name, value) in row.Columns.OrderBy(column => column.Key, StringComparer.Ordinal))
            {
                text.Append('|').Append(name).Append('=').Append(value is byte[] bytes ? Convert.ToHexString(bytes) : value);
            }

            text.AppendLine();
        }

        foreach (var message in new[] { WorkQueues.Live, WorkQueues.Bulk, WorkQueues.Commands }.SelectMany(Queue.Messages))
        {
            text.AppendLine(message.Body);
        }

        return text.ToString();
    }

    public ValueTask DisposeAsync() => _handler.DisposeAsync();
}

/// <summary>Calls the API with one token.</summary>
internal sealed class ApiClient(HttpClient http, string? token)
{
    public Task<ApiAnswer> Get(string path) => Send(HttpMethod.Get, path, content: null);

    public Task<ApiAnswer> Delete(string path) => Send(HttpMethod.Delete, path, content: null);

    public Task<ApiAnswer> Post(string path, string body, string? idempotencyKey = null) => Send(HttpMethod.Post, path, Json(body), idempotencyKey);

    public Task<ApiAnswer> Put(string path, string body) => Send(HttpMethod.Put, path, Json(body));

    public Task<ApiAnswer> Patch(string path, string body, string? idempotencyKey = null) => Send(HttpMethod.Patch, path, Json(body), idempotencyKey);

    public async Task<ApiAnswer> Send(HttpMethod method, string path, HttpContent? content, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new ApiAnswer((int)response.StatusCode, text, response.Headers, response.Content.Headers.ContentType?.ToString());
    }

    private static ByteArrayContent Json(string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record ApiAnswer(int Status, string Body, HttpResponseHeaders Headers, string? ContentType)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string? Code => Json["code"]?.GetValue<string>();

    public string Text(string member) => Json[member]!.GetValue<string>();
}
