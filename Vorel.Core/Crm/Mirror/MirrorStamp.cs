using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Records that the CRM holds a version of a record.</summary>
internal sealed class MirrorStamp(IRowStore store, RecordReader records, Clocks clocks)
{
    /// <summary>A transaction holds at most 100 writes; a record that waited long for a CRM may be owed more versions.</summary>
    private const int MaxDeletes = 99;

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

    /// <summary>Files the hint that a window ends; always before the stamp that says so.</summary>
    public async Task File(TenantId tenant, RecordKind kind, Guid id, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await _hints.File(tenant, kind, id, due, cancellationToken);
        Failpoints.Reach("after-purge-index");
    }

    /// <summary>Removes the todo rows of a record that is no longer there.</summary>
    public async Task Forget(TenantId tenant, IReadOnlyList<Stored<TodoRow>> todos, CancellationToken cancellationToken)
    {
        foreach (var todo in todos)
        {
            await store.TryDelete(TodoRow.Table, Partition.Of(tenant), todo.Row.RowKey, todo.ETag, cancellationToken);
        }
    }

    /// <summary>
    /// Files the purge hint, then stamps the record and removes the todo rows up to the version that the CRM holds, in one
    /// transaction. A record that was changed meanwhile keeps its newer todo row and gets its external id all the same, or
    /// the next write would create it a second time. True when the CRM is owed nothing more.
    /// </summary>
    public async Task<bool> Record(TenantId tenant, RecordRow written, long version, CrmReference reference, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        await File(tenant, written.Kind, written.Id, written.WindowEnd(now), cancellationToken);

        for (var tries = 0; tries < RecordService.MaxTries; tries++)
        {
            var todos = await ReadTodos(tenant, written.Kind, written.Id, cancellationToken);
            if (await records.FindStored(tenant, written.Kind, written.Id, cancellationToken) is not { } current)
            {
                await Forget(tenant, todos, cancellationToken);
                return true;
            }

            if (await Commit(tenant, version, reference, now, current, [.. todos.Where(todo => todo.Row.Version <= version)], cancellationToken))
            {
                return todos.All(todo => todo.Row.Version <= version) && current.Row.Version <= version;
            }
        }

        throw new StoreUnavailableException("A record is being changed by others again and again.");
    }

    private async Task<bool> Commit(
        TenantId tenant,
        long version,
        CrmReference reference,
        DateTimeOffset now,
        Stored<RecordRow> current,
        IReadOnlyList<Stored<TodoRow>> paid,
        CancellationToken cancellationToken)
    {
        // Another writer may have stamped a later version already; then only the todo rows go.
        var later = current.Row.Sync is { } sync && sync.Version > version;
        var stamped = later
            ? current.Row
            : current.Row with { Sync = new RecordSync(reference.ExternalId, reference.Url?.AbsoluteUri ?? current.Row.Sync?.Url, version, now) };
        List<RowWrite> writes =
        [
            new RowWrite.Replace(stamped.RowKey, current.ETag, RecordColumns.Write(stamped)),
            .. paid.Take(MaxDeletes).Select(TypedRows.Delete),
        ];
        try
        {
            await store.Commit(RecordRow.Table, Partition.Of(tenant), writes, cancellationToken);
            await Forget(tenant, [.. paid.Skip(MaxDeletes)], cancellationToken);
            return true;
        }
        catch (RowConflictException)
        {
            return false;
        }
    }
}
