using System.Reflection;
using Vorel.Core.Crm;

namespace Vorel.Core.Records;

/// <summary>A kind of record, as data. One service creates, changes, reads and mirrors all of them.</summary>
/// <param name="name">The name in row keys, instance ids and messages, for example <c>lead</c>.</param>
/// <param name="empty">A row of the kind, without id and values. Its type carries the class and the window.</param>
/// <param name="fields">The fields, in the order in which they are shown.</param>
public sealed class RecordKind(string name, RecordRow empty, IReadOnlyList<RecordField> fields)
{
    private readonly Dictionary<string, RecordField> _fields = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The name in row keys, instance ids and messages.</summary>
    public string Name { get; } = name;

    /// <summary>The fields, in the order in which they are shown.</summary>
    public IReadOnlyList<RecordField> Fields { get; } = fields;

    /// <summary>A row of the kind, without id and values.</summary>
    public RecordRow Empty { get; } = empty;

    /// <summary>How long a record lives after CRM success: what its row type declares.</summary>
    public TimeSpan Window { get; } = TimeSpan.FromDays(empty.GetType().GetCustomAttribute<DataClassAttribute>()!.RetentionDays);

    /// <summary>The table: what commits with a record lies there too.</summary>
    public string Table { get; init; } = RecordRow.Table;

    /// <summary>What it is in a CRM; null for what is not the CRM's.</summary>
    public required CrmObject? CrmObject { get; init; }

    /// <summary>What is unique within a tenant.</summary>
    public IReadOnlyList<UniqueFields> Unique { get; init; } = [];

    /// <summary>What the second record with the same unique fields is told.</summary>
    public string DuplicateMessage { get; init; } = "";

    /// <summary>What holds between a record's fields: checked at creation, and after a change on the record as it would be.</summary>
    public IReadOnlyList<RecordRule> Rules { get; init; } = [];

    /// <summary>The events that creations and changes are worth, in the order in which they go out.</summary>
    public IReadOnlyList<EventRule> Events { get; init; } = [];

    /// <summary>The moment by which lists are sorted, the latest first; by creation if there is none.</summary>
    public string? ListedBy { get; init; }

    /// <summary>Under what name events show the id once more, if they do.</summary>
    public string? EventId { get; init; }

    /// <summary>
    /// The records of this kind have numbers within a parent and go to the CRM in that order, several at once. What
    /// messages and todo rows call the record is then the parent, and the version the number.
    /// </summary>
    public bool InOrder { get; init; }

    /// <summary>Whether GET and events show <c>updated_at</c>.</summary>
    public bool ShowsUpdatedAt { get; init; }

    /// <summary>The field of this name, or null.</summary>
    public RecordField? Field(string fieldName) => _fields.GetValueOrDefault(fieldName);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
