using System.Text.Json;

namespace Vorel.LocalHost.Sandbox;

/// <summary>
/// A tiny CRM in memory. A create whose key it knows makes no second record and answers as the first time; an update with an
/// older sequence changes nothing.
/// </summary>
internal sealed class Crm
{
    private const int Kept = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CrmRecord> _records = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Queue<Received> _last = [];
    private int _posts;
    private int _refused;

    public BehaviorSwitch Behavior { get; } = new();

    /// <summary>Carries out a verified write: the status and, with 200 and 201, the record's external id.</summary>
    public (int Status, string? ExternalId) Write(CrmWrite write)
    {
        lock (_gate)
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
        lock (_gate)
        {
            _posts++;
            _refused += request.Verified ? 0 : 1;
            if (request.Verified && request.Id.Length > 0)
            {
                _keys.Add(request.Id);
            }

            _last.Enqueue(request);
            if (_last.Count > Kept)
            {
                _last.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            (_posts, _refused) = (0, 0);
            _byKey.Clear();
            _records.Clear();
            _keys.Clear();
            _last.Clear();
        }
    }

    public CrmState State()
    {
        lock (_gate)
        {
            return new CrmState(_posts, _keys.Count, _refused, [.. _records.Values.OrderBy(record => record.ExternalId, StringComparer.Ordinal)], [.. _last]);
        }
    }

    private (int Status, string? ExternalId) Create(CrmWrite write)
    {
        if (_byKey.TryGetValue(write.IdempotencyKey, out var known))
        {
            return (StatusCodes.Status200OK, known);
        }

        var id = $"crm-{_records.Count + 1:D6}";
        _byKey[write.IdempotencyKey] = id;
        _records[id] = new CrmRecord(id, write.Object, write.Fields, write.Sequence, 1, Deleted: false);
        return (StatusCodes.Status201Created, id);
    }

    private (int Status, string? ExternalId) Change(CrmWrite write, Func<CrmRecord, CrmRecord> change)
    {
        if (write.ExternalId is null || !_records.TryGetValue(write.ExternalId, out var record) || record.Deleted)
        {
            return (StatusCodes.Status404NotFound, null);
        }

        if (write.Sequence > record.Sequence)
        {
            _records[record.ExternalId] = change(record);
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
