using System.Globalization;
using Vorel.Core.Ids;
using Vorel.Core.Retention;
using Vorel.Core.Storage;

namespace Vorel.Core.Incidents;

/// <summary>
/// An incident. While it is open its key is what it is about, so that there is one of it whatever races; once closed its key
/// is its id, newest first.
/// </summary>
[DataClass(DataClass.Telemetry, 365, "0003")]
internal sealed record IncidentRow(Guid Id, IncidentType Type, string Subject, DateTimeOffset OpenedAt) : IRow<IncidentRow>, IEndingRow
{
    /// <summary>How many examples are kept.</summary>
    public const int MostExamples = 5;

    public const string OpenPrefix = "open|";
    public const string ClosedPrefix = "closed|";

    public static string Table => "Incidents";

    public string RowKey => ClosedAt is null ? OpenKey(Type, Subject) : ClosedKey(Id);

    public DateTimeOffset? ClosedAt { get; init; }

    public DateTimeOffset? Over => ClosedAt is { } closed ? IEndingRow.EndOf<IncidentRow>(closed) : null;

    public string? Because { get; init; }

    /// <summary>When somebody last looked what stands still.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>When people were told; null until they were.</summary>
    public DateTimeOffset? AlertedAt { get; init; }

    /// <summary>The code that the event of its opening names, whatever the incident learns later.</summary>
    public string? OpenedError { get; init; }

    /// <summary>When the operator's own systems were told that it was opened; null until they were.</summary>
    public DateTimeOffset? OpenedPublishedAt { get; init; }

    /// <summary>When they were told that it was closed.</summary>
    public DateTimeOffset? ClosedPublishedAt { get; init; }

    /// <summary>How many todo rows were stuck at the last look, by kind of record.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();

    public DateTimeOffset? OldestSince { get; init; }

    public string? FirstError { get; init; }

    public string? LastError { get; init; }

    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>The last parked row whose parent the last look had time for; null when it had time for all.</summary>
    public string? ParkedTo { get; init; }

    public static string OpenKey(IncidentType type, string subject) => $"{OpenPrefix}{type.Wire()}|{subject}";

    public static string ClosedKey(Guid id) => ClosedPrefix + Uuid7.ToKey(id);

    public static IncidentRow FromColumns(string rowKey, Columns columns) =>
        new(
            columns.Id("incident"),
            IncidentTypes.Find(columns.Text("type")) ?? throw new InvalidDataException("The stored incident is of no type that this version knows."),
            columns.Text("subject"),
            columns.Time("opened_at"))
        {
            ClosedAt = columns.TimeOrNull("closed_at"),
            Because = columns.TextOrNull("closed_because"),
            LookedAt = columns.TimeOrNull("looked_at"),
            AlertedAt = columns.TimeOrNull("alerted_at"),
            OpenedError = columns.TextOrNull("opened_error"),
            OpenedPublishedAt = columns.TimeOrNull("opened_published_at"),
            ClosedPublishedAt = columns.TimeOrNull("closed_published_at"),
            Counts = Unpack(columns.TextOrNull("counts")).Select(pair => pair.Split(':')).ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture)),
            OldestSince = columns.TimeOrNull("oldest_since"),
            FirstError = columns.TextOrNull("first_error"),
            LastError = columns.TextOrNull("last_error"),
            Examples = Unpack(columns.TextOrNull("examples")),
            ParkedTo = columns.TextOrNull("parked_to"),
        };

    public Columns ToColumns() => new Columns()
        .Set("incident", Id)
        .Set("type", Type.Wire())
        .Set("subject", Subject)
        .Set("opened_at", OpenedAt)
        .Set("closed_at", ClosedAt)
        .Set(IEndingRow.Column, Over)
        .Set("closed_because", Because)
        .Set("looked_at", LookedAt)
        .Set("alerted_at", AlertedAt)
        .Set("opened_error", OpenedError)
        .Set("opened_published_at", OpenedPublishedAt)
        .Set("closed_published_at", ClosedPublishedAt)
        .Set("counts", Pack([.. Counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}"))]))
        .Set("oldest_since", OldestSince)
        .Set("first_error", FirstError)
        .Set("last_error", LastError)
        .Set("examples", Pack(Examples))
        .Set("parked_to", ParkedTo);

    public Incident ToIncident() => new(Id, Type, Subject, OpenedAt, ClosedAt, Because, Counts, OldestSince, FirstError, LastError, Examples);

    private static string? Pack(IReadOnlyList<string> parts) => parts.Count == 0 ? null : string.Join(' ', parts);

    private static string[] Unpack(string? text) => text?.Split(' ') ?? [];
}
