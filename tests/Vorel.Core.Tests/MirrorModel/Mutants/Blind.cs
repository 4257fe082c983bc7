using Vorel.Core.Storage;
using Vorel.Core.Tests.Model.Mutants;

namespace Vorel.Core.Tests.MirrorModel.Mutants;

/// <summary>A store that finds nothing where it should look.</summary>
internal sealed class Blind(IRowStore store, Func<RowRange, bool> isHidden) : ChangedStore(store, static (_, write) => write, static (_, row) => row)
{
    public override IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken) =>
        table == "Records" && isHidden(range) ? AsyncEnumerable.Empty<Row>() : base.Query(table, partition, range, cancellationToken);
}
