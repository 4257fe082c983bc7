using Vorel.Core.Crm.Connections;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// Cuts what the CRM is owed of a transcript into batches, and records which ones it has. A batch ends where its first todo row says; that
/// is stored before the first attempt, so that whoever repeats an attempt writes the same messages under the same key.
/// </summary>
internal sealed class TranscriptMirror(IRowStore store, RecordReader records, CrmConnectionService connections, Clocks clocks)
{
    /// <summary>A transaction holds at most 100 writes, and a batch takes two for each message.</summary>
    private const int MaxMessages = 40;

    /// <summary>In bytes of JSON; many receivers take 100 KB, not more. One message may have more by itself.</summary>
    private const int MaxSize = 64 * 1024;

    /// <summary>For what is around the messages, and between them: ids, numbers, names and commas.</summary>
    private const int FrameSize = 512;

    private const int MaxTries = 10;

    private readonly MirrorStamp _stamp = new(store, records, connections, clocks);

    /// <summary>The batch that begins with the oldest debt. Null when there is none now: look again.</summary>
    public async Task<TranscriptBatch?> Next(TenantId tenant, Stored<TodoRow> oldest, CancellationToken cancellationToken)
    {
        var messages = await ReadBatch(tenant, oldest.Row, cancellationToken);
        if (messages.Count == 0)
        {
            // Erased: there is nothing to be owed.
            await _stamp.Forget(tenant, [oldest], cancellationToken);
            return null;
        }

        if (oldest.Row.Until is null)
        {
            var fixedRow = oldest.Row with { Until = messages[^1].Sequence };
            if (!await store.TryReplace(TodoRow.Table, Partition.Of(tenant), oldest with { Row = fixedRow }, cancellationToken)
                || await store.Get<TodoRow>(Partition.Of(tenant), fixedRow.RowKey, cancellationToken) is not { Row.Until: not null } stored)
            {
                return null;
            }

            // Another process may have been faster and have fixed another end.
            return stored.Row.Until == fixedRow.Until ? new TranscriptBatch(stored, messages) : null;
        }

        return new TranscriptBatch(oldest, messages);
    }

    /// <summary>
    /// Files the purge hint, then stamps the messages and removes their todo rows in one transaction. True when the CRM is owed
    /// no more of this conversation. A system that was replaced while it was written to pays for nothing.
    /// </summary>
    public async Task<bool> Record(TenantId tenant, TranscriptBatch batch, OpenCrm crm, CrmReference reference, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        var conversation = batch.Debt.Row.Record;
        await _stamp.File(tenant, RecordKinds.Message, conversation, batch.Messages.Min(message => message.WindowEnd(now)), cancellationToken);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var writes = new List<RowWrite>();
            await foreach (var stored in records.ReadMessages(tenant, conversation, batch.First, batch.Last, cancellationToken))
            {
                var stamped = stored.Row with { Sync = new RecordSync(crm.Connection.System, reference.ExternalId, reference.Url?.AbsoluteUri, stored.Row.Version, now) };
                writes.Add(new RowWrite.Replace(stamped.RowKey, stored.ETag, RecordColumns.Write(stamped)));
            }

            var todos = await _stamp.ReadTodos(tenant, RecordKinds.Message, conversation, cancellationToken, MaxMessages + 1);
            var paid = todos.Where(todo => todo.Row.Version <= batch.Last).ToList();
            if (paid.Count == 0)
            {
                // Another process had the same batch and was faster.
                return todos.Count == 0;
            }

            if (!await connections.Counts(tenant, crm, cancellationToken))
            {
                return false;
            }

            try
            {
                await store.Commit(RecordRow.Table, Partition.Of(tenant), [.. writes, .. paid.Select(TypedRows.Delete)], cancellationToken);
                return todos.Count == paid.Count;
            }
            catch (RowConflictException)
            {
                // A check left its mark, or somebody stamped the same: look again.
            }
        }

        throw new StoreUnavailableException("A transcript is being changed by others again and again.");
    }

    private async Task<IReadOnlyList<MessageRow>> ReadBatch(TenantId tenant, TodoRow oldest, CancellationToken cancellationToken)
    {
        var messages = new List<MessageRow>();
        var size = FrameSize;
        var last = oldest.Until ?? oldest.Version + MaxMessages - 1;
        await foreach (var stored in records.ReadMessages(tenant, oldest.Record, oldest.Version, last, cancellationToken))
        {
            var message = (MessageRow)stored.Row;
            size += MirrorFields.SizeOf(message);

            // No batch reaches over a hole: a reader who passed by before a message was committed may yet see the one behind it.
            if (oldest.Until is null && (message.Sequence != oldest.Version + messages.Count || (messages.Count > 0 && size > MaxSize)))
            {
                break;
            }

            messages.Add(message);
        }

        return messages;
    }
}
