namespace Vorel.Core.Storage;

/// <summary>
/// The storage port: tables of rows in partitions, with transactions over one partition. A table that does not exist yet
/// reads as empty and is made by the first write, unless that presupposes a row: what was dropped does not come back by a
/// late change. Implementations are held to one contract suite.
/// </summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store does not answer in time or sheds load.</remarks>
public interface IRowStore
{
    /// <summary>The row, or null.</summary>
    Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken);

    /// <summary>The rows of <paramref name="range"/>, in ordinal order of their keys, fetched page by page as they are consumed.</summary>
    IAsyncEnumerable<Row> Query(string table, Partition partition, RowRange range, CancellationToken cancellationToken);

    /// <summary>Applies 1 to 100 writes to different rows of one partition: all or none.</summary>
    /// <exception cref="RowConflictException">A condition did not hold; nothing was written.</exception>
    Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken);

    /// <summary>Cross-tenant, for the hints of <c>Due</c> and <c>PurgeIndex</c> and the tenants themselves alone: rows of every partition whose key is in <paramref name="partitions"/>, in the order of the keys, at most <paramref name="take"/>.</summary>
    Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(HintTable table, RowRange partitions, int take, CancellationToken cancellationToken);

    /// <summary>The names of the tables that start with <paramref name="family"/>, in ordinal order: those that a family of rows is spread over by time.</summary>
    Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken);

    /// <summary>Drops a table with all its rows; nothing if it is not there.</summary>
    Task DropTable(string table, CancellationToken cancellationToken);
}

/// <summary>The tables that are read across partitions.</summary>
public enum HintTable
{
    /// <summary>What is due, by minute bucket and shard.</summary>
    Due,

    /// <summary>What may be over, by shard and hour.</summary>
    PurgeIndex,

    /// <summary>The tenants' own rows, which a rewrap goes through to come to all of them.</summary>
    Tenants,
}

/// <summary>The partitions of the tables that are read across them.</summary>
public static class HintTables
{
    /// <summary>The partition of a stored key.</summary>
    /// <exception cref="InvalidDataException">The key is none of this table's.</exception>
    public static Partition PartitionOf(this HintTable table, string key) => table switch
    {
        HintTable.Due => Partition.Due(key),
        HintTable.PurgeIndex => Partition.PurgeIndex(key),
        _ => Tenants.TenantId.TryParse(key, out var tenant) ? Partition.Of(tenant) : throw new InvalidDataException("A tenant's row lies where none can."),
    };
}
