using Vorel.Core.Storage;

namespace Vorel.Core.Payloads;

/// <summary>A tenant's payload key of one day, sealed. When its table is dropped, everything sealed with it is gone for good.</summary>
[DataClass(DataClass.InFlight, 9, "0003")]
internal sealed record DayKeyRow(byte[] SealedKey) : IRow<DayKeyRow>
{
    public const string Key = "key";

    public static string Table => PayloadTables.Family;

    public string RowKey => Key;

    public static DayKeyRow FromColumns(string rowKey, Columns columns) => new(columns.Bytes("key"));

    public Columns ToColumns() => new Columns().SetBytes("key", SealedKey);
}
