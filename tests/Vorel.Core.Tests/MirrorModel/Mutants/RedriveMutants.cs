using System.Runtime.CompilerServices;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Model;
using Vorel.Core.Tests.Model.Mutants;

namespace Vorel.Core.Tests.MirrorModel.Mutants;

/// <summary>A redrive passes over the first of what it is about.</summary>
internal sealed class SkipsTheFirst : Mutant
{
    public override IRowStore Redriving(IRowStore store) => new Skipping(store);

    private sealed class Skipping(IRowStore store) : ChangedStore(store, static (_, write) => write, static (_, row) => row)
    {
        public override async IAsyncEnumerable<Row> Query(
            string table, Partition partition, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var isFirst = true;
            await foreach (var row in base.Query(table, partition, range, cancellationToken))
            {
                if (!isFirst)
                {
                    yield return row;
                }

                isFirst = false;
            }
        }
    }
}

/// <summary>A redrive of one tenant takes up what another is owed.</summary>
internal sealed class RedrivesTheNeighbour : Mutant
{
    public override IRowStore Redriving(IRowStore store) => new Straying(store);

    private sealed class Straying(IRowStore store) : ChangedStore(store, static (_, write) => write, static (_, row) => row)
    {
        public override IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken) =>
            base.Query(table, Neighbour(partition), range, cancellationToken);

        public override Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) =>
            base.Commit(table, table == "Records" ? Neighbour(partition) : partition, writes, cancellationToken);

        private static Partition Neighbour(Partition partition) => Partition.Of(Machinery.Ids[1 - Machinery.TenantOf(partition.Value)]);
    }
}

/// <summary>A redrive never says that it is over.</summary>
internal sealed class NeverFinishes : Mutant
{
    public override IRowStore Redriving(IRowStore store) => new ChangedStore(
        store, static (table, write) => table == "Redrives" && write is RowWrite.Replace { Columns: var columns } && columns["state"] is "finished" ? null : write, static (_, row) => row);
}
