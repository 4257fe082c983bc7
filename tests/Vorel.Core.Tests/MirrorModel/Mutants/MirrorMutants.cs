using Vorel.Core.Crm;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Model.Mutants;

namespace Vorel.Core.Tests.MirrorModel.Mutants;

/// <summary>A stamp is made and no hint filed before.</summary>
internal sealed class FilesNoPurgeHints : Mutant
{
    public override IRowStore Mirroring(IRowStore store) =>
        new ChangedStore(store, static (table, write) => table == nameof(HintTable.PurgeIndex) ? null : write, static (_, row) => row);
}

/// <summary>Whatever version was written, the current one is stamped.</summary>
internal sealed class StampsTheCurrent : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        table == "Records" && write is RowWrite.Replace replace && replace.Columns.ContainsKey("vorel_external_id")
            ? With(replace, "vorel_synced_version", replace.Columns["vorel_version"])
            : write;
}

/// <summary>A change leaves no debt.</summary>
internal sealed class OwesNothing : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        write is RowWrite.Insert && write.Key.StartsWith("todo|", StringComparison.Ordinal) && !write.Key.EndsWith("0001", StringComparison.Ordinal) ? null : write;
}

/// <summary>What failed for good is forgotten.</summary>
internal sealed class ForgetsFailures : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        write is RowWrite.Replace { Columns: var columns } && columns.ContainsKey("failed_at") ? new RowWrite.Delete(write.Key, "*") : write;
}

/// <summary>Records are written over whatever has become of them.</summary>
internal sealed class OverwritesRecords : ChangedWrites
{
    protected override RowWrite? Change(string table, RowWrite write) =>
        table == "Records" && write is RowWrite.Replace replace && replace.Columns.ContainsKey("vorel_version") ? replace with { ETag = "*" } : write;
}

/// <summary>Who has called a CRM does not look again which one is connected now.</summary>
internal sealed class LooksOnceAtTheConnection : Mutant
{
    private bool _hasCalled;

    public override ICrmDriver Crm(ICrmDriver crm) => new ChangedCrm(crm)
    {
        Key = key =>
        {
            _hasCalled = true;
            return key;
        },
    };

    public override IRowStore Store(IRowStore store) => new Remembering(this, store);

    private sealed class Remembering(LooksOnceAtTheConnection mutant, IRowStore store) : ChangedStore(store, static (_, write) => write, static (_, row) => row)
    {
        private readonly Dictionary<(string, string), Row?> _remembered = [];

        public override async Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken)
        {
            var place = (partition.Value, key);
            if (table == LinkBook.Table && mutant._hasCalled && _remembered.TryGetValue(place, out var remembered))
            {
                mutant._hasCalled = false;
                return remembered;
            }

            var row = await base.Get(table, partition, key, cancellationToken);
            if (table == LinkBook.Table)
            {
                _remembered[place] = row;
            }

            return row;
        }
    }
}

/// <summary>All systems are taken for one: an update goes to a system that replaced another, under the other's id.</summary>
internal sealed class KnowsOneSystem : ChangedRows
{
    protected override Row Show(string table, Row row) => row.Columns.GetValueOrDefault("vorel_system") is null
        ? table == LinkBook.Table ? With(row, "system", "one") : row
        : With(row, "vorel_system", "one");
}

/// <summary>What a system was owed before it was connected is taken up by nobody.</summary>
internal sealed class TakesUpNothing : Mutant
{
    public override IRowStore Store(IRowStore store) => new Blind(store, static range => range.From == "todo|mirror|");
}

/// <summary>Children do not wait for their parents.</summary>
internal sealed class ForgetsParents : Mutant
{
    private string _last = "";

    public override IRowStore Mirroring(IRowStore store) => new Blind(store, range =>
    {
        var isBehindChild = range.From!.StartsWith("todo|mirror|conversation:", StringComparison.Ordinal) && _last.StartsWith("todo|mirror|lead:", StringComparison.Ordinal);
        _last = range.From;
        return isBehindChild;
    });
}

/// <summary>Batches of one conversation share a key.</summary>
internal sealed class SharesKeys : Mutant
{
    public override ICrmDriver Crm(ICrmDriver crm) => new ChangedCrm(crm) { Key = static key => key.Split(':') is [var conversation, var numbers] && numbers.Contains('-') ? conversation : key };
}
