using Vorel.Core.Crm.Connections;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Records that the CRM holds a version of a record.</summary>
internal sealed class MirrorStamp(IRowStore store, RecordReader records, CrmConnectionService connections, Clocks clocks)
{
    /// <summary>A transaction holds at most 100 writes; a record that waited long for a CRM may be owed more versions.</summary>
    private const int MaxDeletes = 98;

    private readonly PurgeHints _hints = new(store);

    /// <summary>The versions that the CRM is owed, oldest first, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<Stored<TodoRow>>> ReadTodos(
        TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken, int most = int.MaxValue)
    {
        var todos = new List<Stored<TodoRow>>();
        await foreach (var todo in store.Query<TodoRow>(Partition.Of(tenant), RowRange.Prefix(RecordKeys.TodoPrefix(kind.Name, id)), cancellationToken))
        {
            todos.Add(todo);
            if (todos.Count == most)
            {
                break;
            }
        }

        return todos;
    }

    /// <summary>
    /// The row that says how a record stands: of its versions the newest, which pays for the others; of what goes in order the
    /// oldest, for which the others wait. Null when the CRM is owed nothing.
    /// </summary>
    public async Task<Stored<TodoRow>?> ReadCurrentTodo(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        Stored<TodoRow>? current = null;
        await foreach (var todo in store.Query<TodoRow>(Partition.Of(tenant), RowRange.Prefix(RecordKeys.TodoPrefix(kind.Name, id)), cancellationToken))
        {
            current = todo;
            if (kind.InOrder)
            {
                break;
            }
        }

        return current;
    }

    /// <summary>Files the hint that a window ends; always before the stamp that says so.</summary>
    public async Task File(TenantId tenant, RecordKind kind, Guid id, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await _hints.File(tenant, kind, id, due, cancellationToken);
        Failpoints.Reach("after-purge-index");
    }

    /// <summary>Removes the todo rows of a record that is no longer there.</summary>
    public Task Forget(TenantId tenant, IReadOnlyList<Stored<TodoRow>> todos, CancellationToken cancellationToken) => store.DeleteUnchanged(
        TodoRow.Table, Partition.Of(tenant), todos.Select(todo => new RowWrite.Delete(todo.Row.RowKey, todo.ETag)), cancellationToken);

    /// <summary>
    /// Files the purge hint, then stamps the record and removes the todo rows up to the version that the CRM holds, in one
    /// transaction. A record that was changed meanwhile keeps its newer todo row and gets its external id all the same, or
    /// the next write would create it a second time. True when the CRM is owed nothing more.
    /// </summary>
    /// <remarks>
    /// The todo rows are read before the connection: what a system was connected for after that look, it finds or takes up itself. A write to a
    /// system that was replaced meanwhile is forgotten, its external id included; whoever connects that system again repeats it under its key.
    /// </remarks>
    public async Task<bool> Record(TenantId tenant, RecordRow written, long version, OpenCrm crm, CrmReference reference, CancellationToken cancellationToken)
    {
        var sync = new RecordSync(crm.Connection.System, reference.ExternalId, reference.Url?.AbsoluteUri, version, clocks.Domain.GetUtcNow());
        await File(tenant, written.Kind, written.Id, written.WindowEnd(sync.At), cancellationToken);

        for (var tries = 0; tries < RecordService.MaxTries; tries++)
        {
            var todos = await ReadTodos(tenant, written.Kind, written.Id, cancellationToken);
            if (await records.FindStored(tenant, written.Kind, written.Id, cancellationToken) is not { } current)
            {
                await Forget(tenant, todos, cancellationToken);
                return true;
            }

            if (IsOvertaken(written, current.Row, sync) || !await connections.Counts(tenant, crm, cancellationToken))
            {
                return todos.Count == 0;
            }

            if (await Commit(tenant, sync, current, todos, cancellationToken))
            {
                return todos.All(todo => todo.Row.Version <= version) && current.Row.Version <= version;
            }
        }

        throw new StoreUnavailableException("A record is being changed by others again and again.");
    }

    // Another system was stamped since the write began: whatever the numbers say, it is not for a late answer to take that back.
    private static bool IsOvertaken(RecordRow written, RecordRow current, RecordSync sync) =>
        current.Sync is { } present && present.System != sync.System && present != written.Sync;

    private async Task<bool> Commit(
        TenantId tenant, RecordSync sync, Stored<RecordRow> current, IReadOnlyList<Stored<TodoRow>> todos, CancellationToken cancellationToken)
    {
        var before = current.Row.Sync is { } present && present.System == sync.System ? present : null;

        // Another writer may have stamped a later version already; then only the todo rows go.
        var stamped = before?.Version > sync.Version ? current.Row : current.Row with { Sync = sync with { Url = sync.Url ?? before?.Url } };

        // The newest are paid together with the stamp: what is left by a death right after it is never the debt of the version that was stamped.
        var paid = todos.Where(todo => todo.Row.Version <= sync.Version).ToList();
        List<RowWrite> writes =
        [
            new RowWrite.Replace(stamped.RowKey, current.ETag, RecordColumns.Write(stamped)),
            .. paid.TakeLast(MaxDeletes).Select(TypedRows.Delete),
        ];
        if (stamped.Sync!.Version < stamped.Version && todos.All(todo => todo.Row.Version != stamped.Version))
        {
            // Another system was owed no more, and this one has an earlier version.
            writes.Add(TypedRows.Insert(stamped.Debt! with { Since = sync.At }));
        }

        try
        {
            await store.Commit(RecordRow.Table, Partition.Of(tenant), writes, cancellationToken);
            await Forget(tenant, [.. paid.SkipLast(MaxDeletes)], cancellationToken);
            return true;
        }
        catch (RowConflictException)
        {
            return false;
        }
    }
}
