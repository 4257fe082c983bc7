using Vorel.Core.Incidents;
using Vorel.Core.Records;

namespace Vorel.Core.Redrives;

/// <summary>Which of what a tenant's CRM is owed a redrive takes up.</summary>
public abstract record RedriveScope
{
    private const string RecordPrefix = "record:";
    private const string IncidentPrefix = "incident:";

    private RedriveScope()
    {
    }

    /// <summary>All of it.</summary>
    public sealed record Tenant : RedriveScope;

    /// <summary>The versions of one record; of messages, those of their conversation.</summary>
    public sealed record Record(RecordKind Kind, Guid Id) : RedriveScope;

    /// <summary>What belongs to an incident of this type.</summary>
    public sealed record Incident(IncidentType Type) : RedriveScope;

    /// <summary>The types of incidents that are about the CRM.</summary>
    public static IReadOnlyList<IncidentType> IncidentTypes { get; } =
        [.. Enum.GetValues<IncidentType>().Where(type => type.IsOfCrm())];

    /// <summary>The scope as it is stored.</summary>
    internal string ToText() => this switch
    {
        Record record => RecordPrefix + RecordNames.Of(record.Kind.Name, record.Id),
        Incident incident => IncidentPrefix + incident.Type.Wire(),
        _ => "tenant",
    };

    /// <summary>What <see cref="ToText"/> gave.</summary>
    /// <exception cref="InvalidDataException">It gave no such text.</exception>
    internal static RedriveScope Parse(string text)
    {
        if (text == "tenant")
        {
            return new Tenant();
        }

        if (text.StartsWith(RecordPrefix, StringComparison.Ordinal) && RecordNames.Parse(text[RecordPrefix.Length..]) is ({ } kind, var id))
        {
            return new Record(kind, id);
        }

        foreach (var type in IncidentTypes.Where(type => text == IncidentPrefix + type.Wire()))
        {
            return new Incident(type);
        }

        throw new InvalidDataException("A redrive has a scope that there is not.");
    }
}
