using Vorel.Core.Retention;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Retention;

/// <summary>A row of operational telemetry that says its own end, as incidents and redrives do.</summary>
[DataClass(DataClass.Telemetry, 30, "0003")]
internal sealed record EndingTestRow(string RowKey, DateTimeOffset? Over) : IRow<EndingTestRow>, IEndingRow
{
    public static string Table => TelemetryPurge.Tables[0];

    public static EndingTestRow FromColumns(string rowKey, Columns columns) => new(rowKey, columns.TimeOrNull(IEndingRow.Column));

    public Columns ToColumns() => new Columns().Set("state", "x").Set(IEndingRow.Column, Over);
}
