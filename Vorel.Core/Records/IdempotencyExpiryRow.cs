using Vorel.Core.Retention;
using Vorel.Core.Storage;

namespace Vorel.Core.Records;

/// <summary>
/// By which the sweep finds the keys that are over without reading those that are not: the rows lie in the order of the hours
/// of their end. It commits with the <see cref="IdempotencyRow"/> it stands for and goes in the transaction that replaces or
/// removes that one, so that, unchanged, it proves which use the other row is of.
/// </summary>
/// <param name="RowKey">The hour, and the digest of the key.</param>
/// <param name="Use">The row key of the use.</param>
[DataClass(DataClass.InFlight, 1, "0003")]
internal sealed record IdempotencyExpiryRow(string RowKey, string Use) : IRow<IdempotencyExpiryRow>
{
    public static string Table => RecordRow.Table;

    public static IdempotencyExpiryRow Of(IdempotencyRow use) =>
        new(RecordKeys.IdempotencyExpiry(PurgeHour.Of(use.Over), use.RowKey[(use.RowKey.IndexOf('|', StringComparison.Ordinal) + 1)..]), use.RowKey);

    public static IdempotencyExpiryRow FromColumns(string rowKey, Columns columns) => new(rowKey, columns.Text("use"));

    public Columns ToColumns() => new Columns().Set("use", Use);
}
