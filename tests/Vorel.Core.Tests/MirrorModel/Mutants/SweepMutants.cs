using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Model.Mutants;

namespace Vorel.Core.Tests.MirrorModel.Mutants;

/// <summary>A mutant whose sweep has one thing wrong.</summary>
internal abstract class SweepMutant : Mutant
{
    public override IRowStore Sweeping(IRowStore store) => new ChangedStore(store, Change, Show);

    /// <summary>What becomes of a write; null when it is left out.</summary>
    protected virtual RowWrite? Change(string table, RowWrite write) => write;

    /// <summary>What is seen of a row.</summary>
    protected virtual Row Show(string table, Row row) => row;

    protected static bool IsSynced(Row row) => row.Columns.ContainsKey("vorel_external_id");

    /// <summary>The same row with one column changed, or without it.</summary>
    protected static Row With(Row row, string column, object? value)
    {
        var columns = row.Columns.Where(entry => entry.Key != column).ToDictionary();
        if (value is not null)
        {
            columns[column] = value;
        }

        return row with { Columns = columns };
    }
}

/// <summary>What changed since it was looked at goes all the same.</summary>
internal sealed class PurgesWhateverItIs : SweepMutant
{
    protected override RowWrite? Change(string table, RowWrite write) => write is RowWrite.Delete ? new RowWrite.Delete(write.Key, "*") : write;
}

/// <summary>A window begins with the insert, whenever the CRM got the record.</summary>
internal sealed class CountsFromTheInsert : SweepMutant
{
    protected override Row Show(string table, Row row) => IsSynced(row) ? With(row, "vorel_synced_at", Uuid7.TimeOf((Guid)row.Columns["id"])) : row;
}

/// <summary>Any version that the CRM has is taken for the current one.</summary>
internal sealed class TakesAnyVersion : SweepMutant
{
    protected override Row Show(string table, Row row) => IsSynced(row) ? With(row, "vorel_synced_version", row.Columns["vorel_version"]) : row;
}

/// <summary>A message does not begin its conversation's window anew.</summary>
internal sealed class HearsNoMessages : SweepMutant
{
    protected override Row Show(string table, Row row) => With(row, "last_message_at", null);
}

/// <summary>A record's index rows stay.</summary>
internal sealed class LeavesIndexRows : SweepMutant
{
    protected override RowWrite? Change(string table, RowWrite write) => write.Key.StartsWith("ix|", StringComparison.Ordinal) ? null : write;
}

/// <summary>What is kept has no hint any more.</summary>
internal sealed class LooksOnce : SweepMutant
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        table == nameof(HintTable.PurgeIndex) && write is RowWrite.Upsert { Columns: var columns } && columns.ContainsKey("key") ? null : write;
}

/// <summary>Conversations go whether or not the CRM lacks messages of theirs.</summary>
internal sealed class ForgetsMessages : Mutant
{
    public override IRowStore Sweeping(IRowStore store) => new Blind(store, static range => range.From!.StartsWith("todo|", StringComparison.Ordinal));
}
