using System.Runtime.CompilerServices;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model;

/// <summary>The tables behind the gate; the model sees every transaction that takes effect.</summary>
internal sealed class GatedStore(IRowStore store, Gate gate, Machinery stage) : IRowStore
{
    private readonly Dictionary<string, int> _hints = [];

    public Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken) => gate.Pass(
        async flight =>
        {
            var row = await store.Get(table, partition, key, cancellationToken);
            stage.Read(flight, table, partition.Value, key, row);
            return row;
        },
        Outage,
        writes: false,
        cancellationToken);

    public async IAsyncEnumerable<Row> Query(
        string table, Partition partition, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await gate.Pass(
            async _ =>
            {
                var read = new List<Row>();
                await foreach (var row in store.Query(table, partition, range, cancellationToken))
                {
                    read.Add(row);
                }

                return read;
            },
            Outage,
            writes: false,
            cancellationToken);
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    public Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken) => gate.Pass(
        async flight =>
        {
            await store.Commit(table, partition, writes, default);
            stage.Next();
            stage.Committed(flight, table, partition.Value, writes);
            foreach (var hint in writes.OfType<RowWrite.Upsert>().Where(_ => Enum.IsDefined(typeof(HintTable), table)))
            {
                _hints.TryAdd(hint.Key, _hints.Count);
            }

            return true;
        },
        Outage,
        writes: true,
        cancellationToken);

    public Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(
        HintTable table, RowRange partitions, int take, CancellationToken cancellationToken) => gate.Pass(
        async _ =>
        {
            // Within a minute hints come in the order of hashes of random ids. In the order in which they were first
            // seen instead, a history goes the same way each time.
            var hints = await store.ReadHints(table, partitions, take, cancellationToken);
            return (IReadOnlyList<(Partition, Row)>)[.. hints.OrderBy(hint => hint.Partition.Value[..12], StringComparer.Ordinal).ThenBy(Order)];
        },
        Outage,
        writes: false,
        cancellationToken);

    public Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken) =>
        gate.Pass(_ => store.ListTables(family, cancellationToken), Outage, writes: false, cancellationToken);

    public Task DropTable(string table, CancellationToken cancellationToken) => gate.Pass(
        async _ =>
        {
            await store.DropTable(table, cancellationToken);
            return true;
        },
        Outage,
        writes: true,
        cancellationToken);

    internal static Exception Outage() => new StoreUnavailableException("scripted");

    private int Order((Partition Partition, Row Row) hint) => _hints.GetValueOrDefault(hint.Row.Key, int.MaxValue);
}
