using Vorel.Core.Crm.Connections;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Brings records on their way to the CRM, and sees to it that they stay on it.</summary>
public sealed class MirrorStarter(IRowStore store, CrmConnectionService connections, IOrchestrations orchestrations, IWorkQueue queue, Timings timings)
{
    /// <summary>The name of the orchestration that writes a record to the CRM.</summary>
    private const string Orchestration = "RecordLifecycle";

    /// <summary>The event that tells a running orchestration that there is a newer version.</summary>
    private const string Changed = "changed";

    /// <summary>
    /// Starts the orchestration of a record that was written, or wakes it, and puts a message that looks again. Without
    /// a CRM there is nothing to do: the todo row says what the CRM is owed once there is one.
    /// </summary>
    public async Task Start(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        if (await connections.Find(tenant, cancellationToken) is not { Status: CrmConnectionStatus.Active })
        {
            return;
        }

        // The instance may end between the two calls; then the second start finds it ended.
        if (await Run(tenant, kind, id, cancellationToken) == StartOutcome.AlreadyRunning
            && !await orchestrations.Raise(InstanceOf(tenant, kind, id), Changed, cancellationToken))
        {
            await Run(tenant, kind, id, cancellationToken);
        }

        await PutCheck(tenant, kind, id, cancellationToken);
    }

    /// <summary>Starts the orchestration again while the CRM is owed a version of the record and somebody can still hope for it.</summary>
    public async Task Check(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        TodoRow? newest = null;
        await foreach (var todo in store.Query<TodoRow>(Partition.Of(tenant), RowRange.Prefix(RecordKeys.TodoPrefix(kind, id)), cancellationToken))
        {
            newest = todo.Row;
        }

        if (newest is { FailedAt: null } && await connections.Find(tenant, cancellationToken) is { Status: CrmConnectionStatus.Active })
        {
            await Run(tenant, kind, id, cancellationToken);
            await PutCheck(tenant, kind, id, cancellationToken);
        }
    }

    private static string InstanceOf(TenantId tenant, RecordKind kind, Guid id) => $"record:{tenant}:{kind.Name}:{id:D}";

    private Task<StartOutcome> Run(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken) => orchestrations.Start(
        Orchestration,
        InstanceOf(tenant, kind, id),
        $$"""{"tenant":"{{tenant}}","kind":"{{kind.Name}}","id":"{{id:D}}"}""",
        cancellationToken);

    private Task<QueueReceipt> PutCheck(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken) =>
        queue.Put(WorkQueues.Live, new WorkMessage.Check(tenant, kind, id).ToJson(), timings.MirrorCheckDelay, cancellationToken);
}
