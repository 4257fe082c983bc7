using System.Text.Json.Nodes;
using Vorel.Core.Records;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>A record with a canary in each of its free fields.</summary>
internal sealed class Planted(RecordKind kind, string id)
{
    private readonly Dictionary<string, (JsonNode Value, IReadOnlyList<Canary> Canaries)> _fields = new(StringComparer.Ordinal);
    private readonly List<(RecordField Field, Canary Canary)> _old = [];

    public RecordKind Kind => kind;

    public string Id { get; set; } = id;

    /// <summary>What it holds now.</summary>
    public IEnumerable<(RecordField Field, Canary Canary)> Current =>
        _fields.SelectMany(held => held.Value.Canaries.Select(canary => (kind.Field(held.Key)!, canary)));

    /// <summary>What it held before it was changed.</summary>
    public IReadOnlyList<(RecordField Field, Canary Canary)> Old => _old;

    /// <summary>The free fields of which none got a canary.</summary>
    public IEnumerable<string> Without =>
        kind.Fields.Where(free => Canaries.IsFree(free) && !(_fields.TryGetValue(free.Name, out var held) && held.Canaries.Count > 0)).Select(free => $"{kind.Name}.{free.Name}");

    /// <summary>A value for a field that takes the place of the one it has.</summary>
    public JsonNode Plant(RecordField field, Canaries canaries)
    {
        var before = canaries.All.Count;
        var value = canaries.Value(kind, field);
        var sent = value.DeepClone();
        if (_fields.TryGetValue(field.Name, out var held))
        {
            _old.AddRange(held.Canaries.Select(canary => (field, canary)));
            if (held.Value is JsonObject members && sent is JsonObject merged)
            {
                // Members stay that a change does not name.
                foreach (var (name, _) in members)
                {
                    merged[name] = null;
                }
            }
        }

        _fields[field.Name] = (value, [.. canaries.All.Skip(before)]);
        return sent;
    }
}
