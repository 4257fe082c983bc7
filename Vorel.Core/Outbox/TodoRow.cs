using Vorel.Core.Ids;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Outbox;

/// <summary>
/// A version of a record that the CRM does not hold yet. It commits with the record and goes when the CRM write is stamped;
/// whatever else is lost, it says what remains to be done.
/// </summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Record">The record's id; of messages their conversation's.</param>
/// <param name="Version">The version, or the message's number.</param>
/// <param name="Since">Since when the CRM is owed it, by the domain clock.</param>
[DataClass(DataClass.InFlight, 0, "0003")]
internal sealed record TodoRow(string Kind, Guid Record, long Version, DateTimeOffset Since) : IRow<TodoRow>
{
    public static string Table => RecordRow.Table;

    public string RowKey => RecordKeys.Todo(Kind, Record, Version);

    /// <summary>
    /// For what goes out in order: the last number that is written together with this one. It is fixed before the first
    /// attempt, so that a repeat writes the same under the same key.
    /// </summary>
    public long? Until { get; init; }

    /// <summary>How many writes have failed.</summary>
    public int Attempts { get; init; }

    /// <summary>Not before this moment of the domain clock.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The code of the last failure.</summary>
    public string? Error { get; init; }

    /// <summary>Since when the failure is one that no retry mends.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>The parent, as <c>kind:id</c>, that must be taken by the CRM before this is tried at all; its failure is <see cref="Error"/>.</summary>
    public string? Behind { get; init; }

    /// <summary>Whether it was told that this row is stuck by its age.</summary>
    public bool Escalated { get; init; }

    /// <summary>When a check message last looked, by the real clock: one that comes right behind another is one too many.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>The redrive that took it up last, if it had failed or waited then.</summary>
    public Guid? Redrive { get; init; }

    /// <summary>The same debt, as if nothing had been tried: for when the CRM was connected anew, or what stood in its way is gone.</summary>
    public TodoRow Afresh() => new(Kind, Record, Version, Since) { Until = Until };

    // A row from before there was the column: since its record was made, at the earliest.
    public static TodoRow FromColumns(string rowKey, Columns columns) =>
        new(columns.Text("kind"), columns.Id("record"), columns.Number("version"), columns.TimeOrNull("since") ?? Uuid7.TimeOf(columns.Id("record")))
        {
            Until = columns.NumberOrNull("until"),
            Attempts = (int)columns.Number("attempts"),
            NotBefore = columns.TimeOrNull("not_before"),
            Error = columns.TextOrNull("error"),
            FailedAt = columns.TimeOrNull("failed_at"),
            Behind = columns.TextOrNull("behind"),
            Escalated = columns.Flag("escalated"),
            CheckedAt = columns.TimeOrNull("checked_at"),
            Redrive = columns.IdOrNull("redrive"),
        };

    public Columns ToColumns() => new Columns()
        .Set("kind", Kind)
        .Set("record", Record)
        .Set("version", Version)
        .Set("since", Since)
        .Set("until", Until)
        .Set("attempts", Attempts)
        .Set("not_before", NotBefore)
        .Set("error", Error)
        .Set("failed_at", FailedAt)
        .Set("behind", Behind)
        .Set("escalated", Escalated ? true : null)
        .Set("checked_at", CheckedAt)
        .Set("redrive", Redrive);
}
