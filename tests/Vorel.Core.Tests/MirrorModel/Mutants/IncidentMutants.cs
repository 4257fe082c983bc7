using Vorel.Core.Storage;
using Vorel.Core.Tests.Model.Mutants;

namespace Vorel.Core.Tests.MirrorModel.Mutants;

/// <summary>A look does not see who waits for a parent, and releases nobody.</summary>
internal sealed class NeverReleases : Mutant
{
    public override IRowStore Looking(IRowStore store) => new ChangedStore(
        store, static (_, write) => write, static (_, row) => row with { Columns = row.Columns.Where(column => column.Key != "behind").ToDictionary() });
}

/// <summary>Nobody keeps that people were told.</summary>
internal sealed class TellsAgain : Mutant
{
    public override IRowStore Looking(IRowStore store) => new ChangedStore(
        store, static (_, write) => write, static (table, row) => table == "Incidents" ? row with { Columns = row.Columns.Where(column => column.Key != "alerted_at").ToDictionary() } : row);
}

/// <summary>What is over is not closed.</summary>
internal sealed class NeverCloses : Mutant
{
    public override IRowStore Looking(IRowStore store) => new ChangedStore(
        store, static (table, write) => table == "Incidents" && (write is RowWrite.Delete || write.Key.StartsWith("closed|", StringComparison.Ordinal)) ? null : write, static (_, row) => row);
}

/// <summary>Whatever is owed is old, and so is the connection.</summary>
internal sealed class IsImpatient : ChangedRows
{
    protected override Row Show(string table, Row row) => Older(Older(row, "since"), "connected_at");

    private static Row Older(Row row, string column) =>
        row.Columns.TryGetValue(column, out var moment) ? With(row, column, (DateTimeOffset)moment - TimeSpan.FromDays(2)) : row;
}

/// <summary>What fails for good has no hint.</summary>
internal sealed class LooksAtNothing : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        table == nameof(HintTable.Due) && write is RowWrite.Upsert { Columns: var columns } && columns.GetValueOrDefault("kind") is "crm" ? null : write;
}
