using System.Text.Json;

namespace Vorel.LocalHost.Sandbox;

/// <summary>
/// A tiny CRM in memory. A create whose key it knows makes no second record and answers as the first time; an update with an
/// older sequence changes nothing.
/// </summary>
internal sealed class Crm
{
    private const int Kept = 500;

    private readonly Lock gate = new();
    private readonly Dictionary<string, string> byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CrmRecord> records = new(StringComparer.Ordinal);
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);
    private readonly Queue<Received> last = [];
    private int posts;
    private int refused;

    public BehaviorSwitch Behavior { get; } = new();

    /// <summary>Carries out a verified write: the status and, with 200 and 201, the record's external id.</summary>
    public (int Status, string? ExternalId) Write(CrmWrite write)
    {
        lock (gate)
        {
            return write.Action switch
            {
                "create" => Create(write),
                "update" => Change(write, record => record with
                {
                    Fields = Merge(record.Fields, write.Fields), Sequence = write.Sequence, Writes = record.Writes + 1,
                }),
                "delete" => Change(write, record => record with
                {
                    Fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal), Sequence = write.Sequence, Deleted = true,
                }),
                _ => (StatusCodes.Status400BadRequest, null),
            };
        }
    }

    public void Add(Received request)
    {
        lock (gate)
        {
            posts++;
            refused += request.Verified ? 0 : 1;
            if (request.Verified && request.Id.Length > 0)
            {
                keys.Add(request.Id);
            }

            last.Enqueue(request);
            if (last.Count > Kept)
            {
                last.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            (posts, refused) = (0, 0);
            byKey.Clear();
            records.Clear();
            keys.Clear();
            last.Clear();
        }
    }

    public CrmState State()
    {
        lock (gate)
        {
            return new CrmState(posts, keys.Count, refused, [.. records.Values.OrderBy(record => record.ExternalId, StringComparer.Ordinal)], [.. last]);
        }
    }

    private (int Status, string? ExternalId) Create(CrmWrite write)
    {
        if (byKey.TryGetValue(write.IdempotencyKey, out var known))
        {
            return (StatusCodes.Status200OK, known);
        }

        var id = $"crm-{records.Count + 1:D6}";
        byKey[write.IdempotencyKey] = id;
        records[id] = new CrmRecord(id, write.Object, write.Fields, write.Sequence, 1, Deleted: false);
        return (StatusCodes.Status201Created, id);
    }

    private (int Status, string? ExternalId) Change(CrmWrite write, Func<CrmRecord, CrmRecord> change)
    {
        if (write.ExternalId is null || !records.TryGetValue(write.ExternalId, out var record) || record.Deleted)
        {
            return (StatusCodes.Status404NotFound, null);
        }

        if (write.Sequence > record.Sequence)
        {
            records[record.ExternalId] = change(record);
        }

        return (StatusCodes.Status200OK, record.ExternalId);
    }

    private static Dictionary<string, JsonElement> Merge(
        IReadOnlyDictionary<string, JsonElement> before, IReadOnlyDictionary<string, JsonElement> changes)
    {
        var merged = new Dictionary<string, JsonElement>(before, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            merged[name] = value;
        }

        return merged;
    }
}
