using Vorel.Core.Crm.Connections;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// Takes up again all that a tenant's CRM is owed, once it is connected or connected anew: what was written before there was
/// a CRM, and what the earlier connection had failed for good. Safe to repeat.
/// </summary>
public sealed class MirrorBacklog(IRowStore store, CrmConnectionService connections, IWorkQueue queue)
{
    private const int PageSize = 100;

    /// <summary>Handles the todo rows behind <paramref name="after"/> (all if null), at most 100, and leaves a message for the rest.</summary>
    public async Task Resume(TenantId tenant, string? after, CancellationToken cancellationToken)
    {
        if (await connections.Find(tenant, cancellationToken) is not { Status: CrmConnectionStatus.Active })
        {
            return;
        }

        var todos = RowRange.Prefix(RecordKeys.Todos);
        TodoRow? last = null;
        var count = 0;
        await foreach (var todo in store.Query<TodoRow>(Partition.Of(tenant), after is null ? todos : todos.After(after), cancellationToken))
        {
            if (++count > PageSize)
            {
                await queue.Put(WorkQueues.Live, new WorkMessage.Backlog(tenant, last!.RowKey).ToJson(), TimeSpan.Zero, cancellationToken);
                return;
            }

            await Resume(tenant, todo, last, cancellationToken);
            last = todo.Row;
        }
    }

    private async Task Resume(TenantId tenant, Stored<TodoRow> todo, TodoRow? last, CancellationToken cancellationToken)
    {
        if (todo.Row.Afresh() is var afresh && afresh != todo.Row)
        {
            // Changed or gone meanwhile: a write is under way, and says what is next.
            await store.TryReplace(TodoRow.Table, Partition.Of(tenant), todo with { Row = afresh }, cancellationToken);
        }

        // The versions of a record lie one behind the other; one message does for all.
        if ((last?.Kind, last?.Record) != (todo.Row.Kind, todo.Row.Record) && RecordKinds.Find(todo.Row.Kind) is { } kind)
        {
            await queue.Put(WorkQueues.Live, new WorkMessage.Check(tenant, kind, todo.Row.Record).ToJson(), TimeSpan.Zero, cancellationToken);
        }
    }
}
