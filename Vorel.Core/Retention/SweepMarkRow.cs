using Vorel.Core.Storage;

namespace Vorel.Core.Retention;

/// <summary>How far a shard of PurgeIndex was read and found empty: where the next sweep begins. Without it, that begins at the beginning.</summary>
[DataClass(DataClass.InFlight, 1, "0003")]
internal sealed record SweepMarkRow(string RowKey, string Hour) : IRow<SweepMarkRow>
{
    /// <summary>The partition of the marks; no shard's.</summary>
    public static readonly Partition Partition = Partition.PurgeIndex("mark");

    public static string Table => PurgeIndexRow.Table;

    public static SweepMarkRow FromColumns(string rowKey, Columns columns) => new(rowKey, columns.Text("hour"));

    public Columns ToColumns() => new Columns().Set("hour", Hour);
}
