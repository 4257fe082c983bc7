using Vorel.Core.Storage;

namespace Vorel.Core.Records;

/// <summary>
/// Makes a record unique by some of its fields: the key holds a keyed digest of them, the row who has them. Or gives it its
/// place in a list: the key holds a moment and the id.
/// </summary>
[DataClass(DataClass.CustomerContent, 30, "0003", Copy = true)]
internal sealed record RecordIndexRow(string RowKey, Guid Record) : IRow<RecordIndexRow>
{
    public static string Table => RecordRow.Table;

    public static RecordIndexRow FromColumns(string rowKey, Columns columns) => new(rowKey, columns.Id("record"));

    public Columns ToColumns() => new Columns().Set("record", Record);
}
