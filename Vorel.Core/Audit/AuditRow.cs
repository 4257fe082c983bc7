using Vorel.Core.Storage;

namespace Vorel.Core.Audit;

/// <summary>What was done with a tenant's data, and how much of it: codes, ids and counts, never content. Inserted, never changed.</summary>
/// <param name="Id">Says when; the order of ids is the order of the rows.</param>
/// <param name="Action">What was done, as a code.</param>
/// <param name="Counts">How many, by name.</param>
[DataClass(DataClass.Configuration, 0, "0003")]
internal sealed record AuditRow(Guid Id, string Action, IReadOnlyDictionary<string, long> Counts) : IRow<AuditRow>
{
    private const string Count = "count_";

    /// <summary>The id of what it was done with, where it is one thing.</summary>
    public Guid? Subject { get; init; }

    public static string Table => "AuditLog";

    public string RowKey => Id.ToString("N");

    public static AuditRow FromColumns(string rowKey, Columns columns) => new(
        Guid.ParseExact(rowKey, "N"),
        columns.Text("action"),
        columns.Values.Keys.Where(name => name.StartsWith(Count, StringComparison.Ordinal)).ToDictionary(name => name[Count.Length..], columns.Number))
    {
        Subject = columns.IdOrNull("subject"),
    };

    public Columns ToColumns() => Counts.Aggregate(
        new Columns().Set("action", Action).Set("subject", Subject), (columns, count) => columns.Set(Count + count.Key, count.Value));
}
