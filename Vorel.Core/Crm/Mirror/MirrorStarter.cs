using Vorel.Core.Crm.Connections;
using Vorel.Core.Due;
using Vorel.Core.Incidents;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Brings records on their way to the CRM, and sees to it that they stay on it.</summary>
public sealed class MirrorStarter(
    IRowStore store,
    RecordReader records,
    CrmConnectionService connections,
    IOrchestrations orchestrations,
    IWorkQueue queue,
    DueHints hints,
    Clocks clocks,
    Timings timings)
{
    private const int MaxTries = 10;

    /// <summary>The name of the orchestration that writes a record to the CRM.</summary>
    private const string Orchestration = "RecordLifecycle";

    /// <summary>The event that tells a running orchestration that there is a newer version.</summary>
    private const string Changed = "changed";

    /// <summary>
    /// The delay between checks doubles with each failed write, so often: from 2 minutes to 64. For 2,000 records and a CRM that is away
    /// for a day that makes about 47,000 checks, one in two seconds; every two minutes they would be 1,440,000.
    /// </summary>
    private const int MostDoublings = 5;

    /// <summary>No queue hides a message for longer.</summary>
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromDays(7);

    private readonly MirrorStamp _stamp = new(store, records, connections, clocks);
    private readonly MirrorParents _parents = new(store, records, connections, clocks);

    /// <summary>
    /// Starts the orchestration of a record that was written, or wakes it, and puts a message that looks again. Without
    /// a CRM there is nothing to do: the todo row says what the CRM is owed once there is one.
    /// </summary>
    public async Task Start(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        if (await connections.Find(tenant, cancellationToken) is null)
        {
            return;
        }

        await RunOrWake(tenant, kind, id, cancellationToken);
        await PutCheck(new WorkMessage.Check(tenant, kind, id), timings.MirrorCheckDelay, cancellationToken);
    }

    /// <summary>
    /// Starts the orchestration again while the CRM is owed a version of the record and somebody can still hope for it, and
    /// looks again later. Every change of a record and every repeated message brings a check of its own; of those that
    /// come close together one goes on: always the one that the mark was left for, whatever the clock says.
    /// </summary>
    public async Task Check(TenantId tenant, RecordKind kind, Guid id, DateTimeOffset? mark, CancellationToken cancellationToken)
    {
        if (await _stamp.ReadCurrentTodo(tenant, kind, id, cancellationToken) is not { } current
            || await connections.Find(tenant, cancellationToken) is not { } connection)
        {
            return;
        }

        if (current.Row.FailedAt is not null)
        {
            await CheckFailed(tenant, kind, current, cancellationToken);
            return;
        }

        // A child that waits for its parent is looked after as often as that one.
        var parent = await _parents.InTheWay(tenant, kind, id, cancellationToken);
        var delay = DelayAfter(Math.Max(current.Row.Attempts, parent?.Attempts ?? 0));
        var now = clocks.Real.GetUtcNow();
        if (current.Row.CheckedAt is { } last && last != mark && (now - last).Duration() < delay / 2)
        {
            return;
        }

        if (current.Row.NotBefore > clocks.Domain.GetUtcNow() || parent?.NotBefore > clocks.Domain.GetUtcNow())
        {
            await Run(tenant, kind, id, cancellationToken);
        }
        else
        {
            // Nothing says to wait, so an instance that waits all the same does not know it yet.
            await RunOrWake(tenant, kind, id, cancellationToken);
        }

        // The next check first, then the mark by which others yield to it: never a mark without a check behind it.
        await PutCheck(new WorkMessage.Check(tenant, kind, id, now), delay, cancellationToken);
        await Mark(tenant, kind, current, connection, now, cancellationToken);
    }

    /// <summary>
    /// The last check of what failed for good. A child whose parent stands in its way no longer is taken up again; for anything else
    /// the hint is filed once more, because whoever wrote the failure may have died before it could see to that.
    /// </summary>
    private async Task CheckFailed(TenantId tenant, RecordKind kind, Stored<TodoRow> failed, CancellationToken cancellationToken)
    {
        if (failed.Row.Behind is not { } parent || await _parents.Holds(tenant, parent, cancellationToken))
        {
            await hints.File(Stuck.Hint(tenant, clocks.Domain.GetUtcNow()), cancellationToken);
        }
        else if (await store.TryReplace(TodoRow.Table, Partition.Of(tenant), failed with { Row = failed.Row.Afresh() }, cancellationToken))
        {
            await Check(tenant, kind, failed.Row.Record, mark: null, cancellationToken);
        }
    }

    /// <summary>
    /// Leaves the mark, and has it told once when the row is stuck by its age. A check whose mark is missing could yield to an older
    /// one, and then none would be left: so it is left on the row as others have changed it.
    /// </summary>
    private async Task Mark(
        TenantId tenant, RecordKind kind, Stored<TodoRow> current, CrmConnection connection, DateTimeOffset mark, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var row = current.Row;
            var marked = current with { Row = row with { CheckedAt = mark, Escalated = Stuck.IsOld(row, connection, clocks.Domain.GetUtcNow()) } };
            Task<bool> Replace() => store.TryReplace(TodoRow.Table, Partition.Of(tenant), marked, cancellationToken);
            if (marked.Row.Escalated && !row.Escalated
                ? await hints.FileAround(moment => Stuck.Hint(tenant, moment), clocks.Domain, Replace, cancellationToken)
                : await Replace())
            {
                return;
            }

            if (await _stamp.ReadCurrentTodo(tenant, kind, row.Record, cancellationToken) is not { Row.FailedAt: null } changed)
            {
                return;
            }

            current = changed;
        }

        throw new StoreUnavailableException("A todo row is being changed by others again and again.");
    }

    private TimeSpan DelayAfter(int failures)
    {
        var delay = timings.MirrorCheckDelay * (1 << Math.Min(failures, MostDoublings));
        return delay < s_longestDelay ? delay : s_longestDelay;
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

    private Task<QueueReceipt> PutCheck(WorkMessage.Check check, TimeSpan delay, CancellationToken cancellationToken) =>
        queue.Put(WorkQueues.Live, check.ToJson(), delay, cancellationToken);
}
