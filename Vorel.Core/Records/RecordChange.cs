using System.Collections.Immutable;
using System.Text.Json;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Json;

namespace Vorel.Core.Records;

/// <summary>What a request makes of a record, and which events that is worth.</summary>
internal sealed record RecordChange(RecordRow Record, IReadOnlyList<string> Events)
{
    /// <summary>A new record.</summary>
    /// <exception cref="ValidationException">The record would break one of its kind's rules.</exception>
    public static RecordChange Create(RecordInput input, Guid id)
    {
        var values = ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var field in input.Kind.Fields.Where(field => field.Default is not null))
        {
            values[field.Name] = field.Default!;
        }

        Apply(input.Kind, input.Values, values);
        return Finish(null, input.Kind.Empty with { Id = id, Values = values.ToImmutable(), UpdatedAt = Uuid7.TimeOf(id) });
    }

    /// <summary>The next version of a record; null when nothing would change.</summary>
    /// <param name="record">The record as it is.</param>
    /// <param name="change">The fields to change; null clears.</param>
    /// <param name="now">When.</param>
    /// <exception cref="ValidationException">The record would break one of its kind's rules.</exception>
    public static RecordChange? Patch(RecordRow record, IReadOnlyDictionary<string, object?> change, DateTimeOffset now)
    {
        var values = record.Values.ToBuilder();
        Apply(record.Kind, change, values);
        var next = record with { Version = record.Version + 1, Values = values.ToImmutable(), UpdatedAt = now };
        return change.Keys.Any(name => next.Differs(record, name)) ? Finish(record, next) : null;
    }

    private static void Apply(RecordKind kind, IReadOnlyDictionary<string, object?> change, ImmutableDictionary<string, object>.Builder values)
    {
        foreach (var (name, value) in change)
        {
            if (value is null)
            {
                values.Remove(name);
            }
            else
            {
                values[name] = value switch
                {
                    JsonElement json when kind.Field(name)!.Updatable => Attributes.Merge(values.GetValueOrDefault(name) as byte[] ?? Attributes.None, json, JsonPath.StepOf(name)),
                    JsonElement json => Attributes.Whole(json, JsonPath.StepOf(name)),
                    _ => value,
                };
            }
        }
    }

    private static RecordChange Finish(RecordRow? before, RecordRow after)
    {
        var errors = after.Kind.Rules.Select(rule => rule.Check(after)).OfType<FieldError>().ToList();
        if (errors.Count > 0)
        {
            throw new ValidationException(errors);
        }

        var rules = after.Kind.Events.Where(rule => !after.Milestones.Contains(rule.Event) && rule.Fires(before, after)).ToList();
        return new RecordChange(
            after with { Milestones = after.Milestones.Union(rules.Where(rule => rule.Once).Select(rule => rule.Event)) },
            [.. rules.Select(rule => rule.Event)]);
    }
}
