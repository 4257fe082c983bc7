using System.Runtime.CompilerServices;
using Azure;
using Vorel.Azure.Tables;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Storage;

/// <summary>
/// The hub's table. A commit is seen through: storage that is away for a while delays the hub and loses it nothing, and a commit
/// whose answer was lost is recognised by the id that it left in its rows.
/// </summary>
internal sealed class HubStore(TableClient table, TimeProvider real, ILogger logger)
{
    private const string CommitId = "commit";
    private const int MaxDeletes = 100;
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    public Task Create(CancellationToken cancellationToken) =>
        Patiently(async () => await table.CreateIfNotExistsAsync(cancellationToken), cancellationToken);

    /// <summary>All rows in the order of their keys, without histories, outputs and the inputs of instances.</summary>
    public async IAsyncEnumerable<HubRow> Scan([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entity in table.QueryAsync(default, maxPerPage: 1000, HubRows.ScanColumns, cancellationToken))
        {
            yield return new HubRow(entity.PartitionKey, entity.RowKey, Columns(entity));
        }
    }

    /// <summary>The instances that match, in the order of their keys, page by page as they are asked for.</summary>
    public async IAsyncEnumerable<(string Partition, InstanceRecord Record)> Instances(
        TableFilter filter, int pageSize, IEnumerable<string> columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entity in table.QueryAsync(filter, pageSize, columns, cancellationToken))
        {
            yield return (entity.PartitionKey, HubRows.ReadInstance(Columns(entity)));
        }
    }

    public async Task<InstanceRecord?> Instance(string instanceId, CancellationToken cancellationToken)
    {
        var partition = HubKeys.Partition(instanceId);
        return await Read(partition, HubKeys.Instance(partition), cancellationToken) is { } columns ? HubRows.ReadInstance(columns) : null;
    }

    /// <summary>The committed history. Its rows are read by key: the emulator answers a query by walking over the whole table.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> History(InstanceRecord record, CancellationToken cancellationToken)
    {
        var partition = HubKeys.Partition(record.InstanceId);
        var events = new List<HistoryEvent>();
        for (var chunk = 1; chunk <= record.Chunks; chunk++)
        {
            var columns = await Read(partition, HubKeys.Row(HubKeys.History, record.ExecutionId, chunk), cancellationToken)
                ?? throw new InvalidDataException($"The history of '{record.InstanceId}' lacks its row {chunk}.");
            events.AddRange(HubRows.ReadChunk(columns));
        }

        return events;
    }

    /// <summary>Writes all or nothing, to one partition.</summary>
    /// <exception cref="RequestFailedException">A row that must not exist does, or one that must does not: somebody else writes to this hub.</exception>
    public async Task Commit(string partition, IReadOnlyList<HubWrite> writes, CancellationToken cancellationToken)
    {
        var commit = Guid.NewGuid();
        var actions = writes.Select(write => Action(partition, write, commit)).ToList();
        var uncertain = false;
        await Patiently(
            async () =>
            {
                try
                {
                    await table.SubmitTransactionAsync(actions, cancellationToken);
                }
                catch (RequestFailedException error) when (uncertain && IsConflict(error))
                {
                    if (!await Left(partition, writes, commit, cancellationToken))
                    {
                        throw;
                    }
                }
                finally
                {
                    uncertain = true;
                }
            },
            cancellationToken);
    }

    /// <summary>Takes rows away, those that are gone already included, in their order and in as few transactions as can be.</summary>
    public async Task DeleteAll(string partition, IReadOnlyList<string> rowKeys, CancellationToken cancellationToken)
    {
        foreach (var keys in rowKeys.Chunk(MaxDeletes))
        {
            var actions = keys.Select(key => Action(partition, new HubWrite.Delete(key), default)).ToList();
            try
            {
                await Patiently(() => table.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
            }
            catch (RequestFailedException error) when (error.Status == 404)
            {
                foreach (var key in keys)
                {
                    await Patiently(() => table.DeleteEntityAsync(partition, key, default, cancellationToken), cancellationToken);
                }
            }
        }
    }

    private static TableTransactionAction Action(string partition, HubWrite write, Guid commit)
    {
        var entity = new TableEntity(partition, write.RowKey, write.Written);
        if (write is not HubWrite.Delete)
        {
            entity[CommitId] = commit;
        }

        return new TableTransactionAction(
            write switch
            {
                HubWrite.Insert => TableTransactionActionType.Add,
                HubWrite.Upsert => TableTransactionActionType.UpsertReplace,
                HubWrite.Merge => TableTransactionActionType.UpdateMerge,
                _ => TableTransactionActionType.Delete,
            },
            entity);
    }

    private static Dictionary<string, object> Columns(TableEntity entity) => new(entity, StringComparer.Ordinal);

    private static bool IsConflict(RequestFailedException error) => error.Status is 404 or 409 or 412;

    /// <summary>False for what would fail again however often it is tried.</summary>
    private static bool MayPass(Exception error) => error switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        RequestFailedException or TableLimitException => false,
        AggregateException or IOException or HttpRequestException or OperationCanceledException => true,
        _ => false,
    };

    private async Task<bool> Left(string partition, IReadOnlyList<HubWrite> writes, Guid commit, CancellationToken cancellationToken) =>
        writes.FirstOrDefault(write => write is not HubWrite.Delete) is { } witness
        && await Read(partition, witness.RowKey, cancellationToken) is { } columns
        && columns.GetValueOrDefault(CommitId) is Guid found && found == commit;

    private async Task<Dictionary<string, object>?> Read(string partition, string rowKey, CancellationToken cancellationToken)
    {
        Dictionary<string, object>? columns = null;
        await Patiently(
            async () =>
            {
                var found = await table.GetEntityIfExistsAsync(partition, rowKey, select: null, cancellationToken);
                columns = found.HasValue ? Columns(found.Value!) : null;
            },
            cancellationToken);
        return columns;
    }

    private async Task Patiently(Func<Task> work, CancellationToken cancellationToken)
    {
        var pause = s_shortestPause;
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && MayPass(error))
            {
                DurableLogs.StorageAway(logger, pause, error);
            }

            await Task.Delay(pause, real, cancellationToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }
}
