using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Vorel.Azure.Tables;
using Vorel.Core.Storage;

namespace Vorel.Azure.Stores;

/// <summary>The storage port on Azure Tables.</summary>
public sealed class TableRowStore(TableServiceClient service) : IRowStore
{
    private const int MaxPage = 1000;

    private readonly ConcurrentDictionary<string, TableClient> _tables = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<Row?> Get(string table, Partition partition, string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Table(table).GetEntityIfExistsAsync(partition.Value, key, cancellationToken: cancellationToken);
            return found.HasValue ? RowMapping.ToRow(found.Value!) : null;
        }
        catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
        {
            throw Unavailable(table, exception);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Row> Query(
        string table, Partition partition, RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entity in Read(table, RowMapping.Filter(partition, range), MaxPage, cancellationToken))
        {
            yield return RowMapping.ToRow(entity);
        }
    }

    /// <inheritdoc/>
    public async Task Commit(string table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        RowTransaction.Check(partition, writes);
        try
        {
            try
            {
                await Write(Table(table), partition, writes, cancellationToken);
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == "TableNotFound")
            {
                if (writes.Index().FirstOrDefault(write => write.Item.Presupposes) is (var index, not null))
                {
                    throw new RowConflictException(index, RowConflict.NotFound, missing);
                }

                await Table(table).CreateIfNotExistsAsync(cancellationToken);
                await Write(Table(table), partition, writes, cancellationToken);
            }
        }
        catch (RequestFailedException refused) when (RowMapping.Conflict(refused) is { } conflict)
        {
            throw new RowConflictException((refused as TableTransactionFailedException)?.FailedTransactionActionIndex ?? 0, conflict, refused);
        }
        catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
        {
            throw Unavailable(table, exception);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(Partition Partition, Row Row)>> ReadHints(
        HintTable table, RowRange partitions, int take, CancellationToken cancellationToken)
    {
        var hints = new List<(Partition, Row)>();
        await foreach (var entity in Read(table.ToString(), RowMapping.Filter(partitions), Math.Min(take, MaxPage), cancellationToken))
        {
            hints.Add((table.PartitionOf(entity.PartitionKey), RowMapping.ToRow(entity)));
            if (hints.Count == take)
            {
                break;
            }
        }

        return hints;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListTables(string family, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await service.GetTableNamesAsync(cancellationToken)).Where(name => name.StartsWith(family, StringComparison.Ordinal))];
        }
        catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
        {
            throw Unavailable(family, exception);
        }
    }

    /// <inheritdoc/>
    public async Task DropTable(string table, CancellationToken cancellationToken)
    {
        try
        {
            await Table(table).DeleteAsync(cancellationToken);
        }
        catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
        {
            throw Unavailable(table, exception);
        }
    }

    private static async Task Write(TableClient table, Partition partition, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count > 1)
        {
            await table.SubmitTransactionAsync([.. writes.Select(write => RowMapping.ToAction(partition, write))], cancellationToken);
            return;
        }

        // One write alone needs no transaction, which costs the service several times as much.
        switch (writes[0])
        {
            case RowWrite.Insert insert:
                await table.AddEntityAsync(RowMapping.ToEntity(partition, insert.Key, insert.Columns), cancellationToken);
                break;
            case RowWrite.Replace replace:
                await table.UpdateEntityAsync(
                    RowMapping.ToEntity(partition, replace.Key, replace.Columns), new ETag(replace.ETag), TableUpdateMode.Replace, cancellationToken);
                break;
            case RowWrite.Upsert upsert:
                await table.UpsertEntityAsync(
                    RowMapping.ToEntity(partition, upsert.Key, upsert.Columns), TableUpdateMode.Replace, cancellationToken);
                break;
            case RowWrite.Delete delete:
                var deleted = await table.DeleteEntityAsync(partition.Value, delete.Key, new ETag(delete.ETag), cancellationToken);
                if (deleted.Status == 404)
                {
                    throw new RowConflictException(0, RowConflict.NotFound);
                }

                break;
            case RowWrite.Require require:
                await table.UpdateEntityAsync(new TableEntity(partition.Value, require.Key), ETag.All, TableUpdateMode.Merge, cancellationToken);
                break;
        }
    }

    private static StoreUnavailableException Unavailable(string table, Exception exception) =>
        new($"Table {table} did not answer.", exception);

    private TableClient Table(string name) => _tables.GetOrAdd(name, static (table, client) => client.GetTableClient(table), service);

    private async IAsyncEnumerable<TableEntity> Read(
        string table, TableFilter filter, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = Table(table).QueryAsync(filter, pageSize, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        while (await Next())
        {
            foreach (var entity in pages.Current.Values)
            {
                yield return entity;
            }
        }

        async Task<bool> Next()
        {
            try
            {
                return await pages.MoveNextAsync();
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                // No table, no rows.
                return false;
            }
            catch (Exception exception) when (StorageFaults.IsOutage(exception, cancellationToken))
            {
                throw Unavailable(table, exception);
            }
        }
    }
}
