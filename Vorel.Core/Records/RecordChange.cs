using System.Collections.Immutable;
using System.Text.Json;
using Vorel.Core.Ids;
using Vorel.Core.Json;

namespace Vorel.Core.Records;

/// <summary>What a request makes of a record, and which events that is worth.</summary>
internal sealed record RecordChange(RecordRow Record, IReadOnlyList<string> Events)
{
    /// <summary>A new record.</summary>
    public static RecordChange Create(RecordInput input, Guid id)
    {
        var values = ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var field in input.Kind.Fields.Where(field => field.Default is not null))
        {
            values[field.Name] = field.Default!;
        }

        Apply(input, values);
        return Emit(input.Kind.Empty with { Id = id, Values = values.ToImmutable(), UpdatedAt = Uuid7.TimeOf(id) }, input.Kind.CreatedEvent);
    }

    /// <summary>The next version of a record; null when the request changes nothing.</summary>
    public static RecordChange? Patch(RecordRow record, RecordInput input, DateTimeOffset now)
    {
        var values = record.Values.ToBuilder();
        Apply(input, values);
        return input.Values.Keys.All(name => Same(record.Values.GetValueOrDefault(name), values.GetValueOrDefault(name)))
            ? null
            : Emit(record with { Version = record.Version + 1, Values = values.ToImmutable(), UpdatedAt = now }, record.Kind.UpdatedEvent);
    }

    private static void Apply(RecordInput input, ImmutableDictionary<string, object>.Builder values)
    {
        foreach (var (name, value) in input.Values)
        {
            if (value is null)
            {
                values.Remove(name);
            }
            else
            {
                values[name] = value is JsonElement change ? Attributes.Merge((byte[])values[name], change, JsonPath.StepOf(name)) : value;
            }
        }
    }

    private static bool Same(object? before, object? after) =>
        before is byte[] left && after is byte[] right ? Attributes.Same(left, right) : Equals(before, after);

    private static RecordChange Emit(RecordRow record, string? name)
    {
        List<string> events = name is null ? [] : [name];
        if (record.Kind.Milestone is { } milestone
            && !record.Milestones.Contains(milestone.Event)
            && record.Values.GetValueOrDefault(milestone.Field) is string value
            && value != milestone.FirstValue)
        {
            record = record with { Milestones = record.Milestones.Add(milestone.Event) };
            events.Add(milestone.Event);
        }

        return new RecordChange(record, events);
    }
}
