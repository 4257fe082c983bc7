using Vorel.Core.Storage;

namespace Vorel.Core.Security.Rewraps;

/// <summary>Which rewrap is running: it comes and goes with that one, in the same transactions, so that there is one at most.</summary>
[DataClass(DataClass.InFlight, 0, "0003")]
internal sealed record RunningRewrapRow(Guid Rewrap) : IRow<RunningRewrapRow>
{
    public const string Key = "running";

    public static string Table => RewrapRow.Table;

    public string RowKey => Key;

    public static RunningRewrapRow FromColumns(string rowKey, Columns columns) => new(columns.Id("rewrap"));

    public Columns ToColumns() => new Columns().Set("rewrap", Rewrap);
}
