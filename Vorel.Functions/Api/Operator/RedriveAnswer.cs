using System.Text.Json.Serialization;
using Vorel.Core.Incidents;
using Vorel.Core.Records;
using Vorel.Core.Redrives;

namespace Vorel.Functions.Api.Operator;

/// <summary>A redrive: numbers and names. What is still owed is there only in the answers about one.</summary>
internal sealed record RedriveAnswer(
    Guid Id,
    string Scope,
    string? Record,
    string? Incident,
    int Rate,
    string State,
    long? Total,
    long Redriven,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StillOwed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? StillOwedMore { get; init; }

    public static RedriveAnswer Of(RedriveProgress progress) =>
        Of(progress.Redrive) with { StillOwed = progress.Owed.Count, StillOwedMore = progress.Owed.More };

    public static RedriveAnswer Of(Redrive redrive) => new(
        redrive.Id,
        redrive.Scope switch { RedriveScope.Record => "record", RedriveScope.Incident => "incident", _ => "tenant" },
        redrive.Scope is RedriveScope.Record record ? RecordNames.Of(record.Kind.Name, record.Id) : null,
        redrive.Scope is RedriveScope.Incident incident ? incident.Type.Wire() : null,
        redrive.Rate,
        redrive.State == RedriveState.Finished ? "finished" : "running",
        redrive.Total,
        redrive.Redriven,
        redrive.StartedAt,
        redrive.FinishedAt);
}

/// <summary>A page of redrives, newest first.</summary>
internal sealed record RedriveListAnswer(IReadOnlyList<RedriveAnswer> Data, string? NextCursor, bool HasMore);
