using Vorel.Core.Storage;

namespace Vorel.Core.Payloads;

/// <summary>One event's envelope, or an excerpt of one answer to it, sealed with the tenant's key of the event's day.</summary>
[DataClass(DataClass.CustomerContent, 9, "0003", Copy = true)]
internal sealed record PayloadRow(string RowKey, byte[] Sealed) : IRow<PayloadRow>
{
    public static string Table => PayloadTables.Family;

    public static PayloadRow FromColumns(string rowKey, Columns columns) => new(rowKey, columns.Bytes("sealed"));

    public Columns ToColumns() => new Columns().SetBytes("sealed", Sealed);
}
