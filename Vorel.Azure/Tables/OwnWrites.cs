using System.Collections.Concurrent;
using Azure;
using Azure.Core.Pipeline;

namespace Vorel.Azure.Tables;

/// <summary>
/// Recognises our own writes. When the answer to a write is lost, the pipeline sends it again and meets its own effect: the
/// insert finds its key taken, the update finds the version changed, the delete finds nothing. Reading the row back tells ours
/// from another's: it holds the id of the write that made it.
/// </summary>
internal sealed class OwnWrites(HttpPipeline pipeline, TableRequests requests)
{
    private const int ConcurrentReads = 8;
    private static readonly string[] s_select = [TableLimits.WriteIdColumn];

    public static bool IsConflict(int status) => status is 404 or 409 or 412;

    /// <summary>The answer to reading the row, if its present version was made by <paramref name="writeId"/>; else null.</summary>
    public async Task<Response?> Find(TableEntity entity, Guid writeId, CancellationToken cancellationToken)
    {
        using var message = requests.Get(entity.PartitionKey, entity.RowKey, s_select);
        await pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        if (response.Status == 404)
        {
            return null;
        }

        if (response.IsError)
        {
            throw new RequestFailedException(response);
        }

        var read = EntityReader.ReadOne(response.Content.ToMemory(), entity.PartitionKey, entity.RowKey);
        return read.WriteId == writeId ? new PartResponse(204, read.ETag.ToString("H")) : null;
    }

    /// <summary>
    /// What the transaction <paramref name="writeId"/> did, if it was committed; else null. One row that holds its id proves the
    /// whole, since it is atomic. Deletes leave nothing to read: a transaction of deletes alone counts as ours when all its rows
    /// are gone.
    /// </summary>
    public async Task<IReadOnlyList<Response>?> Find(
        IReadOnlyList<TableTransactionAction> actions, Guid writeId, CancellationToken cancellationToken)
    {
        var onlyDeletes = actions.All(action => action.ActionType == TableTransactionActionType.Delete);
        var found = new ConcurrentDictionary<int, Response>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, actions.Count, options, async (i, cancel) =>
        {
            if (onlyDeletes)
            {
                if (await IsGone(actions[i].Entity, cancel))
                {
                    found[i] = new PartResponse(204, etag: null);
                }
            }
            else if (actions[i].ActionType != TableTransactionActionType.Delete
                && await Find(actions[i].Entity, writeId, cancel) is { } own)
            {
                found[i] = own;
            }
        });

        var ours = onlyDeletes ? found.Count == actions.Count : !found.IsEmpty;
        return ours ? [.. actions.Select((_, i) => found.GetValueOrDefault(i) ?? new PartResponse(204, etag: null))] : null;
    }

    private async Task<bool> IsGone(TableEntity entity, CancellationToken cancellationToken)
    {
        using var message = requests.Get(entity.PartitionKey, entity.RowKey, s_select);
        await pipeline.SendAsync(message, cancellationToken);
        return message.Response.Status == 404
            || (message.Response.IsError ? throw new RequestFailedException(message.Response) : false);
    }
}
