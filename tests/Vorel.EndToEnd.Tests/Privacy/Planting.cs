using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Vorel.Azure.Tables;
using Vorel.Core.Json;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>Writes records of every kind with a canary in every free field, by their routes where there are any, each under an Idempotency-Key that is one itself.</summary>
internal sealed class Planting : IDisposable
{
    private static readonly Dictionary<string, string> s_routes = new(StringComparer.Ordinal) { ["conversation"] = "/v1/conversations", ["lead"] = "/v1/leads" };

    private readonly TestStack _stack;
    private readonly TenantId _tenant;
    private readonly DomainServices _domain;
    private readonly HttpClient _http;
    private readonly List<Planted> _records = [];

    public Planting(TestStack stack, TestTenant tenant, DomainServices domain)
    {
        _stack = stack;
        _domain = domain;
        Assert.True(TenantId.TryParse(tenant.Id, out _tenant));
        _http = new HttpClient { BaseAddress = stack.Host.Addresses.Host.Address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant.ApiKey);
    }

    /// <summary>Appointments lie some weeks ahead, so that their window ends last but one.</summary>
    public Canaries Canaries { get; } = new(DateTimeOffset.UtcNow + TimeSpan.FromDays(20));

    public IReadOnlyList<Planted> Records => _records;

    /// <summary>Makes a record of a kind, referring to the last one of each kind that it may refer to.</summary>
    public async Task Create(RecordKind kind)
    {
        var record = new Planted(kind, "");
        var body = new JsonObject();
        foreach (var field in kind.Fields.Where(field => field.Creatable))
        {
            if (field.Type == FieldType.Reference)
            {
                body[field.Name] = _records.Last(other => other.Kind.Name == field.Refers).Id;
            }
            else if (Canaries.IsFree(field))
            {
                body[field.Name] = record.Plant(field, Canaries);
            }
            else if (field.Required)
            {
                body[field.Name] = field.Choices[0];
            }
        }

        record.Id = await Create(kind, body, Canaries.Word("Idempotency-Key"));
        _records.Add(record);
        await PlantOurs(record);
    }

    /// <summary>Gives the last record of a kind other values wherever a request may.</summary>
    public async Task Change(RecordKind kind)
    {
        var record = _records.Last(other => other.Kind == kind);
        var body = new JsonObject();
        foreach (var field in kind.Fields.Where(field => field.Updatable && Canaries.IsFree(field)))
        {
            body[field.Name] = record.Plant(field, Canaries);
        }

        var key = Canaries.Word("Idempotency-Key");
        if (s_routes.TryGetValue(kind.Name, out var route))
        {
            await Send(HttpMethod.Patch, $"{route}/{record.Id}", body, key);
        }
        else
        {
            using var parsed = Parse(body);
            await _domain.Records.Patch(_tenant, kind, record.Id, parsed.RootElement, IdempotencyKey.Parse(key), default);
        }
    }

    /// <summary>Closes the last conversation.</summary>
    public Task Close() => _domain.Conversations.Close(_tenant, _records.Last(record => record.Kind == RecordKinds.Conversation).Id, default);

    public void Dispose() => _http.Dispose();

    private static System.Text.Json.JsonDocument Parse(JsonObject body) => StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));

    private async Task<string> Create(RecordKind kind, JsonObject body, string key)
    {
        if (s_routes.TryGetValue(kind.Name, out var route))
        {
            return (await Send(HttpMethod.Post, route, body, key))["id"]!.GetValue<string>();
        }

        using var parsed = Parse(body);
        var answer = kind.Name switch
        {
            "customer" => await _domain.Customers.FindOrCreate(_tenant, parsed.RootElement, default),
            "message" => await _domain.Transcripts.Append(
                _tenant, _records.Last(record => record.Kind == RecordKinds.Conversation).Id, parsed.RootElement, IdempotencyKey.Parse(key), default),
            _ => await _domain.Records.Create(_tenant, kind, parsed.RootElement, IdempotencyKey.Parse(key), default),
        };
        return answer.Record.Id.ToString("D");
    }

    /// <summary>Sends a call under its key again and again, as a caller does whose answer is lost with a killed handler.</summary>
    private Task<JsonObject> Send(HttpMethod method, string path, JsonObject body, string key) => Eventually.NotNull(
        async () =>
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", key } } };
            await request.Content.LoadIntoBufferAsync();
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode is < 400 or >= 500, $"{method} {path}: {(int)response.StatusCode} {text}");
            return response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : null;
        },
        $"{method} {path} is taken",
        TimeSpan.FromSeconds(60));

    /// <summary>What no request may name is written where the rest lies, as an integration will.</summary>
    private async Task PlantOurs(Planted record)
    {
        var columns = record.Kind.Fields
            .Where(field => !field.Creatable && Canaries.IsFree(field))
            .ToDictionary(field => field.Name, object (field) => record.Plant(field, Canaries).GetValue<string>(), StringComparer.Ordinal);
        if (columns.Count > 0)
        {
            var row = await _domain.Reader.Get(_tenant, record.Kind, record.Id, default);
            await new TableServiceClient(_stack.Azurite.ConnectionString).GetTableClient(record.Kind.Table)
                .UpdateEntityAsync(new TableEntity(_tenant.ToString(), row.RowKey, columns), global::Azure.ETag.All);
        }
    }
}
