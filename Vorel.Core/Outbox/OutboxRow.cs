using System.Globalization;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Outbox;

/// <summary>
/// What one write has to send out: committed with the record, gone when every leg is done. Under the same key lies, instead,
/// the tombstone of a write that did not come in time: it makes that write fail should it come late.
/// </summary>
[DataClass(DataClass.CustomerContent, 9, "0003", Copy = true)]
internal sealed record OutboxRow(string RowKey) : IRow<OutboxRow>
{
    /// <summary>The table of records, with which the row commits; the catalogue's own lie in the catalogue's, as their keys say.</summary>
    public static string Table => RecordRow.Table;

    /// <summary>The write did not come in time and must not come any more.</summary>
    public bool IsTombstone { get; init; }

    /// <summary>For a tombstone: when it was made, by the real clock, which is the one commits are timed by.</summary>
    public DateTimeOffset? BuriedAt { get; init; }

    /// <summary>What is done.</summary>
    public Legs Done { get; init; }

    /// <summary>The kind of the record that was written.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The id of the record that was written; of a kind that goes out in order, its parent's.</summary>
    public Guid Record { get; init; }

    /// <summary>The events, finished and sealed.</summary>
    public IReadOnlyList<OutboxEvent> Events { get; init; } = [];

    public static OutboxRow FromColumns(string rowKey, Columns columns) =>
        columns.Text("state") == "tombstone"
            ? new OutboxRow(rowKey) { IsTombstone = true, BuriedAt = columns.Time("buried_at") }
            : new OutboxRow(rowKey)
            {
                Done = (Legs)columns.Number("legs"),
                Kind = columns.Text("kind"),
                Record = columns.Id("record"),
                Events = [.. Enumerable.Range(0, (int)columns.Number("events")).Select(index => ReadEvent(columns, index))],
            };

    public Columns ToColumns()
    {
        if (IsTombstone)
        {
            return new Columns().Set("state", "tombstone").Set("buried_at", BuriedAt);
        }

        var columns = new Columns().Set("state", "live").Set("legs", (long)Done).Set("kind", Kind).Set("record", Record).Set("events", Events.Count);
        for (var index = 0; index < Events.Count; index++)
        {
            columns.Set(Name(index, "id"), Events[index].Id).Set(Name(index, "name"), Events[index].Name).SetBytes(Name(index, "sealed"), Events[index].Sealed);
        }

        return columns;
    }

    private static OutboxEvent ReadEvent(Columns columns, int index) =>
        new(columns.Id(Name(index, "id")), columns.Text(Name(index, "name")), columns.Bytes(Name(index, "sealed")));

    private static string Name(int index, string part) => string.Create(CultureInfo.InvariantCulture, $"event_{index}_{part}");
}

/// <summary>One event of a write.</summary>
/// <param name="Id">The envelope's id.</param>
/// <param name="Name">One of the twelve names.</param>
/// <param name="Sealed">The finished envelope, sealed for the payload table.</param>
internal sealed record OutboxEvent(Guid Id, string Name, byte[] Sealed);
