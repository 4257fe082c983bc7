using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>The fan-out marks the webhooks leg before its work is done.</summary>
internal sealed class MarksFirst : Mutant
{
    public override IRowStore Store(IRowStore store) => new Marking(store);

    private sealed class Marking(IRowStore store) : ChangedStore(store, static (_, write) => write, static (_, row) => row)
    {
        public override async Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken)
        {
            var row = await base.Get(table, partition, key, cancellationToken);
            if (row is null || !key.StartsWith("outbox|", StringComparison.Ordinal) || row.Columns["state"] is "tombstone" || ((long)row.Columns["legs"] & 1) != 0)
            {
                return row;
            }

            var columns = row.Columns.ToDictionary();
            columns["legs"] = (long)columns["legs"] | 1;
            await Commit(table, partition, [new RowWrite.Replace(key, row.ETag, columns)], cancellationToken);
            return row;
        }
    }
}
