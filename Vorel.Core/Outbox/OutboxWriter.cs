using Vorel.Core.Alerts;
using Vorel.Core.Errors;
using Vorel.Core.Events;
using Vorel.Core.Ids;
using Vorel.Core.Messaging;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Outbox;

/// <summary>
/// The one way a record is written: announce the write, commit it together with everything that follows from it, show the
/// announcement. Whoever sees an announcement without a row buries the row's key, and so does the writer when the store does
/// not tell it what became of the commit. So a write that was refused emits nothing later, and one that was answered with
/// success always emits.
/// </summary>
public sealed class OutboxWriter(
    IRowStore store, IWorkQueue queue, Tombstones tombstones, PayloadVault vault, IdSource ids, Clocks clocks, Timings timings, IAlerts alerts)
{
    private static readonly TimeSpan s_afterwards = TimeSpan.FromSeconds(5);

    /// <summary>Commits <paramref name="writes"/> and what follows from them.</summary>
    /// <param name="tenant">Whose record it is.</param>
    /// <param name="record">The record as it is after the write.</param>
    /// <param name="events">The names of the events that the write emits, in order.</param>
    /// <param name="writes">The record, its index rows and whatever else must hold.</param>
    /// <param name="cancellationToken">Cancels what comes before the commit; a commit once begun is completed.</param>
    /// <exception cref="RowConflictException">One of <paramref name="writes"/> was refused; the index counts within them. Nothing was written.</exception>
    /// <exception cref="UnavailableException">The write did not take effect and will not; or the store was still away when it was asked what became of it.</exception>
    internal async Task Write(TenantId tenant, RecordRow record, IReadOnlyList<string> events, IReadOnlyList<RowWrite> writes, CancellationToken cancellationToken)
    {
        try
        {
            var row = await Prepare(tenant, record, events, cancellationToken);
            if (row.Done == Legs.All)
            {
                await store.Commit(record.Kind.Table, Partition.Of(tenant), writes, cancellationToken);
                return;
            }

            var intent = new WorkMessage.Intent(tenant, row.RowKey).ToJson();

            // From before the put: the intent's own delay runs from the moment it arrives, however late we hear of that.
            using var budget = new CancellationTokenSource(timings.CommitBudget, clocks.Real);
            var receipt = await queue.Put(WorkQueues.Live, intent, timings.IntentDelay, cancellationToken);
            Failpoints.Reach("after-intent");
            await Commit(tenant, row, record, writes, receipt, budget.Token);
            Failpoints.Reach("after-commit");
            await Show(tenant, row, intent, receipt);
            Failpoints.Reach("after-unhide");
        }
        catch (StoreUnavailableException exception)
        {
            throw new UnavailableException(exception);
        }
    }

    private async Task<OutboxRow> Prepare(TenantId tenant, RecordRow record, IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        var data = RecordJson.WriteData(record);
        var outgoing = new List<OutboxEvent>(events.Count);
        foreach (var name in events)
        {
            var id = ids.Next();
            var envelope = EventEnvelope.Write(id, name, tenant, data);
            outgoing.Add(new OutboxEvent(id, name, await vault.Seal(tenant, id, envelope, cancellationToken)));
        }

        return new OutboxRow(RecordKeys.Outbox(record.Kind, ids.Next()))
        {
            Kind = record.Kind.Name,
            Record = record.Debt?.Record ?? record.Id,
            Events = outgoing,
            // There is no topic, without an event nothing for subscribers, and without a debt nothing for the CRM.
            Done = Legs.Topic | (outgoing.Count == 0 ? Legs.Webhooks : Legs.None) | (record.Debt is null ? Legs.Mirror : Legs.None),
        };
    }

    private async Task Commit(
        TenantId tenant, OutboxRow row, RecordRow record, IReadOnlyList<RowWrite> writes, QueueReceipt receipt, CancellationToken budget)
    {
        try
        {
            IEnumerable<RowWrite> debt = record.Debt is { } todo ? [TypedRows.Insert(todo)] : [];
            await store.Commit(record.Kind.Table, Partition.Of(tenant), [TypedRows.Insert(row), .. writes, .. debt], budget);
        }
        catch (Exception unknown) when (unknown is StoreUnavailableException || (unknown is OperationCanceledException && budget.IsCancellationRequested))
        {
            if (!await Stands(tenant, row))
            {
                throw new UnavailableException(unknown);
            }
        }
        catch (RowConflictException conflict) when (conflict.Index == 0)
        {
            // The tombstone: we were so slow that a dispatcher has given this write up.
            throw new UnavailableException(conflict);
        }
        catch (RowConflictException conflict)
        {
            await Withdraw(receipt);
            throw new RowConflictException(conflict.Index - 1, conflict.Conflict, conflict);
        }
    }

    /// <summary>
    /// Whether a commit stands of which the store did not tell. If not, it is buried and must not come any more; the intent
    /// finds the tombstone. If the store tells nothing now either, nobody can know, and the answer is no.
    /// </summary>
    private async Task<bool> Stands(TenantId tenant, OutboxRow row)
    {
        using var limit = new CancellationTokenSource(timings.SettleBudget, clocks.Real);
        try
        {
            return !await tombstones.Bury(tenant, row.RowKey, limit.Token)
                && await store.Get<OutboxRow>(RecordKeys.TableOf(row.RowKey), Partition.Of(tenant), row.RowKey, limit.Token) is { Row.IsTombstone: false };
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task Withdraw(QueueReceipt receipt)
    {
        using var limit = new CancellationTokenSource(s_afterwards, clocks.Real);
        try
        {
            await queue.Remove(WorkQueues.Live, receipt, limit.Token);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            // The intent appears by itself later and leads nowhere: a dispatcher buries the row and drops it.
        }
    }

    private async Task Show(TenantId tenant, OutboxRow row, string intent, QueueReceipt receipt)
    {
        using var limit = new CancellationTokenSource(s_afterwards, clocks.Real);
        try
        {
            await queue.ShowOrPut(WorkQueues.Live, receipt, intent, limit.Token);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            // The write stands: its caller is told so. The intent appears by itself after its delay.
            alerts.Raise(new Alert(AlertCode.IntentNotShown, tenant, row.RowKey));
        }
    }
}
