using Vorel.Core.Crm.Connections;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Brings records on their way to the CRM, and sees to it that they stay on it.</summary>
public sealed class MirrorStarter(IRowStore store, CrmConnectionService connections, IOrchestrations orchestrations, IWorkQueue queue, Clocks clocks, Timings timings)
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

        await RunOrWake(tenant, kind, id, cancellationToken);
        await PutCheck(new WorkMessage.Check(tenant, kind, id), cancellationToken);
    }

    /// <summary>
    /// Starts the orchestration again while the CRM is owed a version of the record and somebody can still hope for it, and
    /// looks again later. Every change of a record and every repeated message brings a check of its own; of those that
    /// come close together one goes on: always the one that the mark was left for, whatever the clock says.
    /// </summary>
    public async Task Check(TenantId tenant, RecordKind kind, Guid id, DateTimeOffset? mark, CancellationToken cancellationToken)
    {
        Stored<TodoRow>? current = null;
        await foreach (var todo in store.Query<TodoRow>(Partition.Of(tenant), RowRange.Prefix(RecordKeys.TodoPrefix(kind.Name, id)), cancellationToken))
        {
            current = todo;
            if (kind.InOrder)
            {
                // The oldest says how it stands; what is behind it waits for it.
                break;
            }
        }

        var now = clocks.Real.GetUtcNow();
        if (current is not { Row: { FailedAt: null } owed }
            || (owed.CheckedAt is { } last && last != mark && (now - last).Duration() < timings.MirrorCheckDelay / 2)
            || await connections.Find(tenant, cancellationToken) is not { Status: CrmConnectionStatus.Active })
        {
            return;
        }

        if (owed.NotBefore > clocks.Domain.GetUtcNow())
        {
            await Run(tenant, kind, id, cancellationToken);
        }
        else
        {
            // Nothing says to wait, so an instance that waits all the same does not know it yet.
            await RunOrWake(tenant, kind, id, cancellationToken);
        }

        // The next check first, then the mark by which others yield to it: never a mark without a check behind it.
        await PutCheck(new WorkMessage.Check(tenant, kind, id, now), cancellationToken);
        await store.TryReplace(TodoRow.Table, Partition.Of(tenant), current with { Row = owed with { CheckedAt = now } }, cancellationToken);
    }

    private static string InstanceOf(TenantId tenant, RecordKind kind, Guid id) => $"record:{tenant}:{kind.Name}:{id:D}";

    private async Task RunOrWake(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        // The instance may end between the two calls; then the second start finds it ended.
        if (await Run(tenant, kind, id, cancellationToken) == StartOutcome.AlreadyRunning
            && !await orchestrations.Raise(InstanceOf(tenant, kind, id), Changed, cancellationToken))
        {
            await Run(tenant, kind, id, cancellationToken);
        }
    }

    private Task<StartOutcome> Run(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken) => orchestrations.Start(
        Orchestration,
        InstanceOf(tenant, kind, id),
        $$"""{"tenant":"{{tenant}}","kind":"{{kind.Name}}","id":"{{id:D}}"}""",
        cancellationToken);

    private Task<QueueReceipt> PutCheck(WorkMessage.Check check, CancellationToken cancellationToken) =>
        queue.Put(WorkQueues.Live, check.ToJson(), timings.MirrorCheckDelay, cancellationToken);
}
