using Vorel.Core.Storage;

namespace Vorel.Core.Records;

/// <summary>What an Idempotency-Key was used for: a keyed hash of the request, the record (of a message: its conversation and number) and the status; no content.</summary>
[DataClass(DataClass.InFlight, 1, "0003")]
internal sealed record IdempotencyRow(string RowKey, string RequestHash, Guid Record, int Status, DateTimeOffset At, long? Sequence = null) : IRow<IdempotencyRow>
{
    private static readonly TimeSpan s_life = TimeSpan.FromHours(24);

    public static string Table => RecordRow.Table;

    /// <summary>When the key is free again.</summary>
    public DateTimeOffset Over => At + s_life;

    public bool IsOver(DateTimeOffset now) => now >= Over;

    public static IdempotencyRow FromColumns(string rowKey, Columns columns) =>
        new(rowKey, columns.Text("request"), columns.Id("record"), (int)columns.Number("status"), columns.Time("at"), columns.NumberOrNull("sequence"));

    public Columns ToColumns() => new Columns().Set("request", RequestHash).Set("record", Record).Set("status", Status).Set("at", At).Set("sequence", Sequence);
}
