using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vorel.Fakes;

/// <summary>
/// A custom webhook receiver as the driver's README asks for one: verifies the signature over the raw bytes, knows exactly
/// the agreed actions and members, keeps one record per idempotency key, and drops what is older than what it has.
/// </summary>
/// <param name="secret">The secret it shares with the sender.</param>
public sealed class FakeCustomWebhook(string secret) : FakeCrm
{
    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["ping"] = ["action"],
        ["create"] = ["action", "object", "fields", "idempotency_key", "sequence"],
        ["update"] = ["action", "object", "external_id", "fields", "idempotency_key", "sequence"],
        ["delete"] = ["action", "object", "external_id", "fields", "idempotency_key", "sequence"],
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _created = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);

    /// <summary>The bodies of the verified requests.</summary>
    public ConcurrentQueue<JsonObject> Bodies { get; } = new();

    /// <summary>When set: what a verified request gets, whatever it asked.</summary>
    public (int Status, string Body)? Scripted { get; set; }

    /// <summary>When set: how many verified requests it takes in any second; to others it answers 429 with <c>Retry-After: 1</c>.</summary>
    public CallLimit? Limit { get; set; }

    /// <inheritdoc/>
    protected override async Task Answer(HttpContext context, byte[] body)
    {
        if (Limit is { } limit && Scripted is null && IsSigned(context.Request, body) && !limit.TryTake())
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "1";
            return;
        }

        var (status, answer) = Scripted is { } scripted && IsSigned(context.Request, body) ? scripted : Work(context.Request, body);
        context.Response.StatusCode = status;
        if (answer.Length > 0)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer, context.RequestAborted);
        }
    }

    private (int Status, string Body) Work(HttpRequest request, byte[] body)
    {
        if (request.Method != "POST" || request.ContentType != "application/json")
        {
            return (StatusCodes.Status415UnsupportedMediaType, "");
        }

        if (!IsSigned(request, body))
        {
            return (StatusCodes.Status401Unauthorized, "");
        }

        if (Parse(body) is not { } message
            || !Members.TryGetValue(message["action"]!.GetValue<string>(), out var members)
            || !message.Select(member => member.Key).Order(StringComparer.Ordinal).SequenceEqual(members.Order(StringComparer.Ordinal)))
        {
            return (StatusCodes.Status400BadRequest, "");
        }

        lock (_gate)
        {
            Bodies.Enqueue(message);
            return message["action"]!.GetValue<string>() switch
            {
                "ping" => (StatusCodes.Status204NoContent, ""),
                "create" => Create(message),
                "update" => Change(message, record => Merge(record, message["fields"]!.AsObject())),
                _ => Change(message, record => record["archived"] = true),
            };
        }
    }

    private bool IsSigned(HttpRequest request, byte[] body) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers["X-Webhook-Signature"].ToString()),
        Encoding.UTF8.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))));

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject is { } message && message["action"] is JsonValue ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private (int Status, string Body) Create(JsonObject message)
    {
        var key = message["idempotency_key"]!.GetValue<string>();
        if (!_created.TryGetValue(key, out var id))
        {
            id = $"rec-{_created.Count + 1}";
            _created[key] = id;
            Records[id] = message["fields"]!.DeepClone().AsObject();
            _sequences[id] = message["sequence"]!.GetValue<long>();
        }

        return (StatusCodes.Status201Created, Reference(id));
    }

    private (int Status, string Body) Change(JsonObject message, Action<JsonObject> change)
    {
        var id = message["external_id"]!.GetValue<string>();
        if (!Records.TryGetValue(id, out var record) || record.ContainsKey("archived"))
        {
            return (StatusCodes.Status404NotFound, "");
        }

        var sequence = message["sequence"]!.GetValue<long>();
        if (sequence > _sequences[id])
        {
            _sequences[id] = sequence;
            change(record);
        }

        return (StatusCodes.Status200OK, Reference(id));
    }

    private static void Merge(JsonObject record, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            record[name] = value?.DeepClone();
        }
    }

    private static string Reference(string id) =>
        new JsonObject { ["external_id"] = id, ["record_url"] = $"https://crm.example.com/{id}" }.ToJsonString();
}
