using Vorel.Core.Ids;
using Vorel.Core.Storage;

namespace Vorel.Core.Security.Rewraps;

/// <summary>A rewrap, and how far it has come. Kept: it says which keys may be switched off.</summary>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record RewrapRow(Guid Id, DateTimeOffset StartedAt) : IRow<RewrapRow>
{
    private const string Prefix = "rewrap|";

    public static string Table => "Rewraps";

    public string RowKey => KeyOf(Id);

    /// <summary>The key that this pass moves to; null before the first.</summary>
    public string? KeyId { get; init; }

    public int Pass { get; init; } = 1;

    /// <summary>What this pass has come to, all but what earlier ones have moved.</summary>
    public RewrapTally Tally { get; init; } = RewrapTally.None;

    /// <summary>How many values earlier passes have moved.</summary>
    public long MovedBefore { get; init; }

    /// <summary>Whether the current key became another one during this pass.</summary>
    public bool KeyChanged { get; init; }

    /// <summary>What the slices of this pass have come to; null before the first one.</summary>
    public string? Cursor { get; init; }

    /// <summary>When this pass began, by the real clock; null before it has.</summary>
    public DateTimeOffset? PassStartedAt { get; init; }

    /// <summary>When this pass may begin, by the real clock.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it last went on, by the domain clock.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool IsComplete { get; init; }

    public static string KeyOf(Guid id) => Prefix + Uuid7.ToKey(id);

    public static RewrapRow FromColumns(string rowKey, Columns columns) => new(Uuid7.FromKey(rowKey[Prefix.Length..]), columns.Time("started_at"))
    {
        KeyId = columns.TextOrNull("key_id"),
        Pass = (int)columns.Number("pass"),
        Tally = new RewrapTally(
            columns.Number("looked"), columns.Number("already"), columns.Number("moved"), RewrapTally.ParseFailures(columns.TextOrNull("failures"))),
        MovedBefore = columns.Number("moved_before"),
        KeyChanged = columns.Flag("key_changed"),
        Cursor = columns.TextOrNull("cursor"),
        PassStartedAt = columns.TimeOrNull("pass_started_at"),
        NotBefore = columns.TimeOrNull("not_before"),
        TouchedAt = columns.Time("touched_at"),
        FinishedAt = columns.TimeOrNull("finished_at"),
        IsComplete = columns.Flag("complete"),
    };

    public Columns ToColumns() => new Columns()
        .Set("started_at", StartedAt)
        .Set("key_id", KeyId)
        .Set("pass", Pass)
        .Set("looked", Tally.Looked)
        .Set("already", Tally.Already)
        .Set("moved", Tally.Moved)
        .Set("failures", Tally.FailuresText())
        .Set("moved_before", MovedBefore)
        .Set("key_changed", KeyChanged)
        .Set("cursor", Cursor)
        .Set("pass_started_at", PassStartedAt)
        .Set("not_before", NotBefore)
        .Set("touched_at", TouchedAt)
        .Set("finished_at", FinishedAt)
        .Set("complete", IsComplete);

    public Rewrap ToRewrap() => new(
        Id, KeyId, Pass, Tally.Looked, Tally.Already, MovedBefore + Tally.Moved, Tally.Failures, StartedAt, FinishedAt, FinishedAt is null ? null : IsComplete);
}
