namespace Vorel.Core.Records;

/// <summary>When a write of a record is worth an event.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="Fires">Whether a write is worth it: the record before (null at creation) and after.</param>
public sealed record EventRule(string Event, Func<RecordRow?, RecordRow, bool> Fires)
{
    /// <summary>A record has the event once in its life.</summary>
    public bool Once { get; init; }

    /// <summary>At creation.</summary>
    public static EventRule Created(string name) => new(name, static (before, _) => before is null);

    /// <summary>At every change; where fields are named, at a change of one of them.</summary>
    public static EventRule Changed(string name, params IReadOnlyList<string> fields) =>
        new(name, (before, after) => before is not null && (fields.Count == 0 || fields.Any(field => after.Differs(before, field))));

    /// <summary>But not at a change of this field.</summary>
    public EventRule Except(string field) => this with { Fires = (before, after) => Fires(before, after) && (before is null || !after.Differs(before, field)) };

    /// <summary>At every change that gives a field this value. A creation is no change.</summary>
    public static EventRule Becomes(string name, string field, string value) =>
        new(name, (before, after) => before is not null && after.Differs(before, field) && Equals(after.Values.GetValueOrDefault(field), value));

    /// <summary>The first time that a field holds anything but its first value, at creation too.</summary>
    public static EventRule MovesOff(string name, string field, string first) =>
        new(name, (_, after) => after.Values.GetValueOrDefault(field) is string value && value != first) { Once = true };
}
