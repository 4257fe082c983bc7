using Vorel.Core.Storage;

namespace Vorel.Core.Crm.Credentials;

/// <summary>Who may do something that only one process should do at a time. It stays when it is over, so that its number goes on growing.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Owner">The process that took it last.</param>
/// <param name="Fence">Grows each time that it is taken: says whether somebody has taken it since.</param>
/// <param name="Until">When it is over, by the real clock of its owner.</param>
[DataClass(DataClass.InFlight, 0, "0003")]
internal sealed record LeaseRow(string Name, Guid Owner, long Fence, DateTimeOffset Until) : IRow<LeaseRow>
{
    public static string Table => "Leases";

    public string RowKey => Name;

    public static LeaseRow FromColumns(string rowKey, Columns columns) =>
        new(rowKey, columns.Id("owner"), columns.Number("fence"), columns.Time("until"));

    public Columns ToColumns() => new Columns().Set("owner", Owner).Set("fence", Fence).Set("until", Until);
}
