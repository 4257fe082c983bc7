using Vorel.Core.Storage;

namespace Vorel.Functions.Tests.Support;

/// <summary>A store in front of another that does to each call what the test says, before the call is made.</summary>
internal sealed class FaultyStore(IRowStore inner) : IRowStore
{
    /// <summary>Given the operation (<c>get</c>, <c>query</c>, <c>commit</c>, <c>hints</c>, <c>list</c>, <c>drop</c>) and the table: throws, waits or lets through.</summary>
    public Func<string, string, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    public async Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken)
    {
        await Before("get", table, cancellationToken);
        return await inner.Get(table, partition, key, cancellationToken);
    }

    public async IAsyncEnumerable<Row> Query(
        string table, Partition partition, RowRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Before("query", table, cancellationToken);
        await foreach (var row in inner.Query(table, partition, range, cancellationToken))
        {
            yield return row;
        }
    }

    public async Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        await Before("commit", table, cancellationToken);
        await inner.Commit(table, partition, writes, cancellationToken);
    }

    public async Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(
        HintTable table, RowRange partitions, int take, CancellationToken cancellationToken)
    {
        await Before("hints", table.ToString(), cancellationToken);
        return await inner.ReadHints(table, partitions, take, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken)
    {
        await Before("list", family, cancellationToken);
        return await inner.ListTables(family, cancellationToken);
    }

    public async Task DropTable(string table, CancellationToken cancellationToken)
    {
        await Before("drop", table, cancellationToken);
        await inner.DropTable(table, cancellationToken);
    }
}
