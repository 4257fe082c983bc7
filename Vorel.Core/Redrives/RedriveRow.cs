using Vorel.Core.Ids;
using Vorel.Core.Retention;
using Vorel.Core.Storage;

namespace Vorel.Core.Redrives;

/// <summary>A redrive, and how far it has come. Kept for 30 days after its end.</summary>
[DataClass(DataClass.Telemetry, 30, "0003")]
internal sealed record RedriveRow(Guid Id, RedriveScope Scope, int Rate, DateTimeOffset StartedAt) : IRow<RedriveRow>, IEndingRow
{
    /// <summary>What the keys of all redrives start with.</summary>
    public const string Prefix = "redrive|";

    private const string Finished = "finished";

    public static string Table => "Redrives";

    public string RowKey => KeyOf(Id);

    public RedriveState State { get; init; }

    /// <summary>How many rows there were to take up; null while they have not been counted.</summary>
    public long? Total { get; init; }

    public long Redriven { get; init; }

    /// <summary>The todo row that the slices have come to; null before the first one.</summary>
    public string? Cursor { get; init; }

    /// <summary>When it last went on, by the domain clock.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public DateTimeOffset? Over => FinishedAt is { } finished ? IEndingRow.EndOf<RedriveRow>(finished) : null;

    /// <summary>The connection that it was made by. It takes up nothing unless that is the tenant's.</summary>
    public Guid? Connection { get; init; }

    /// <summary>Until when that connection may yet come to be, by the real clock.</summary>
    public DateTimeOffset? ConnectsBy { get; init; }

    /// <summary>The key of a redrive: newest first.</summary>
    public static string KeyOf(Guid id) => Prefix + Uuid7.ToKey(id);

    public static RedriveRow FromColumns(string rowKey, Columns columns) => new(
        Uuid7.FromKey(rowKey[Prefix.Length..]), RedriveScope.Parse(columns.Text("scope")), (int)columns.Number("rate"), columns.Time("started_at"))
    {
        State = columns.Text("state") == Finished ? RedriveState.Finished : RedriveState.Running,
        Total = columns.NumberOrNull("total"),
        Redriven = columns.Number("redriven"),
        Cursor = columns.TextOrNull("cursor"),
        TouchedAt = columns.Time("touched_at"),
        FinishedAt = columns.TimeOrNull("finished_at"),
        Connection = columns.IdOrNull("connection"),
        ConnectsBy = columns.TimeOrNull("connects_by"),
    };

    /// <summary>The same at its end.</summary>
    public RedriveRow Finish(DateTimeOffset now) => this with { State = RedriveState.Finished, Total = Total ?? 0, TouchedAt = now, FinishedAt = now };

    public Redrive ToRedrive() => new(Id, Scope, Rate, State, Total, Redriven, StartedAt, FinishedAt);

    public Columns ToColumns() => new Columns()
        .Set("scope", Scope.ToText())
        .Set("rate", Rate)
        .Set("state", State == RedriveState.Finished ? Finished : "running")
        .Set("total", Total)
        .Set("redriven", Redriven)
        .Set("cursor", Cursor)
        .Set("started_at", StartedAt)
        .Set("touched_at", TouchedAt)
        .Set("finished_at", FinishedAt)
        .Set("connection", Connection)
        .Set("connects_by", ConnectsBy)
        .Set(IEndingRow.Column, Over);
}
