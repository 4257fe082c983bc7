using Vorel.Core.Storage;

namespace Vorel.Core.Redrives;

/// <summary>Which redrive of a scope is running: it comes and goes with that one, in the same transactions, so that there is one at most.</summary>
[DataClass(DataClass.InFlight, 0, "0003")]
internal sealed record RunningRedriveRow(string Scope, Guid Redrive) : IRow<RunningRedriveRow>
{
    private const string Prefix = "running|";

    public static string Table => RedriveRow.Table;

    public string RowKey => KeyOf(Scope);

    public static string KeyOf(string scope) => Prefix + scope;

    public static RunningRedriveRow FromColumns(string rowKey, Columns columns) => new(rowKey[Prefix.Length..], columns.Id("redrive"));

    public Columns ToColumns() => new Columns().Set("redrive", Redrive);
}
