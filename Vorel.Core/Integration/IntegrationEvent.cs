using System.Buffers;
using System.Text.Json;
using Vorel.Core.Json;
using Vorel.Core.Tenants;

namespace Vorel.Core.Integration;

/// <summary>
/// One event for the operator's own systems. It holds ids, codes and counts, never content: what is no id or code by its letters is refused,
/// so a name, an address or a sentence does not get in by mistake.
/// </summary>
/// <param name="Id">What receivers tell repeats by: 1 to 128 letters, the same whenever this event is published.</param>
/// <param name="Type">One of <see cref="IntegrationEventTypes"/>.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="OccurredAt">When it happened, by the domain's clock; the same whenever this event is published.</param>
public sealed record IntegrationEvent(string Id, string Type, TenantId Tenant, string Subject, DateTimeOffset OccurredAt)
{
    private const int Version = 1;
    private const int MaxLength = 128;

    private static readonly SearchValues<char> s_letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:|-");

    /// <summary>More ids and codes, by name.</summary>
    public IReadOnlyDictionary<string, string> Codes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Counts, by name.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The body: <c>{"v":1,"id":…,"type":…,"tenant":…,"occurred_at":…,"data":{"subject":…, codes and counts by name}}</c>. The same event gives the same bytes.</summary>
    /// <exception cref="ArgumentException">Something is neither an id nor a code; the text does not repeat it.</exception>
    /// <exception cref="InvalidOperationException">Two parts have one name.</exception>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("id", Code(Id));
            json.WriteString("type", Code(Type));
            json.WriteString("tenant", Tenant.Value);
            json.WriteString("occurred_at", WireTime.Format(OccurredAt));
            json.WriteStartObject("data");
            json.WriteString("subject", Code(Subject));
            WriteData(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void WriteData(Utf8JsonWriter json)
    {
        if (Codes.Keys.Concat(Counts.Keys).Append("subject").GroupBy(name => name, StringComparer.Ordinal).Any(same => same.Count() > 1))
        {
            throw new InvalidOperationException("Two parts of an event have one name.");
        }

        foreach (var (name, code) in Codes.OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            json.WriteString(Code(name), Code(code));
        }

        foreach (var (name, count) in Counts.OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(Code(name), count);
        }
    }

    private static string Code(string text) => text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(s_letters)
        ? text
        : throw new ArgumentException($"A part of an event is no id and no code: 1 to {MaxLength} of A-Z, a-z, 0-9, _ . : | and hyphen.", nameof(text));
}
