using System.Runtime.ExceptionServices;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Outbox;

/// <summary>
/// Sends out what a write has to send out. Each leg is done and retried alone, and all of it is safe to repeat and to do
/// twice at once: rows are inserted under ids that follow from the event, starts of what runs already do nothing.
/// </summary>
public sealed class FanOut(
    IRowStore store, Tombstones tombstones, PayloadVault vault, SubscriptionService subscriptions, DeliveryStarter deliveries, MirrorStarter mirror)
{
    private const int MaxTries = 10;

    /// <summary>Handles one intent. When it returns, the intent may be dropped; when it throws, the intent must come again.</summary>
    public async Task Handle(TenantId tenant, string row, CancellationToken cancellationToken)
    {
        var stored = await Find(tenant, row, cancellationToken);
        if (stored is null && !await tombstones.Bury(tenant, row, cancellationToken))
        {
            stored = await Find(tenant, row, cancellationToken);
        }

        if (stored is { Row.IsTombstone: false })
        {
            await SendOut(tenant, stored.Row, cancellationToken);
        }
    }

    private async Task SendOut(TenantId tenant, OutboxRow row, CancellationToken cancellationToken)
    {
        var failures = new List<ExceptionDispatchInfo>();
        await Leg(Legs.Webhooks, "after-leg-webhooks", () => SendToSubscribers(tenant, row, cancellationToken));
        await Leg(Legs.Mirror, "after-leg-mirror", () => SendToCrm(tenant, row, cancellationToken));

        // The intent comes again for what failed; what was done is not done again.
        failures.FirstOrDefault()?.Throw();

        async Task Leg(Legs leg, string failpoint, Func<Task> work)
        {
            if (row.Done.HasFlag(leg))
            {
                return;
            }

            try
            {
                await work();
                Failpoints.Reach(failpoint);
                row = row with { Done = await MarkDone(tenant, row.RowKey, leg, cancellationToken) };
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(ExceptionDispatchInfo.Capture(exception));
            }
        }
    }

    private async Task SendToSubscribers(TenantId tenant, OutboxRow row, CancellationToken cancellationToken)
    {
        var active = (await subscriptions.List(tenant, cancellationToken)).Where(subscription => subscription.Status == SubscriptionStatus.Active).ToList();
        foreach (var outgoing in row.Events)
        {
            var matching = active.Where(subscription => subscription.Events.Contains(outgoing.Name)).ToList();
            if (matching.Count > 0)
            {
                await vault.Put(tenant, outgoing.Id, outgoing.Sealed, cancellationToken);
            }

            foreach (var subscription in matching)
            {
                await deliveries.Start(tenant, subscription.Id, outgoing.Id, outgoing.Name, cancellationToken);
            }
        }
    }

    private async Task SendToCrm(TenantId tenant, OutboxRow row, CancellationToken cancellationToken)
    {
        var kind = RecordKinds.Find(row.Kind) ?? throw new InvalidDataException($"An outbox row is of an unknown kind '{row.Kind}'.");
        await mirror.Start(tenant, kind, row.Record, cancellationToken);
    }

    /// <summary>Marks a leg as done, beside a dispatcher that may be marking another; the row goes when all are done.</summary>
    private async Task<Legs> MarkDone(TenantId tenant, string rowKey, Legs leg, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            // A dispatcher that came after the end may have left a tombstone there.
            if (await Find(tenant, rowKey, cancellationToken) is not { Row.IsTombstone: false } stored)
            {
                return Legs.All;
            }

            var done = stored.Row.Done | leg;
            var written = done == Legs.All
                ? await store.TryDelete(RecordKeys.TableOf(rowKey), Partition.Of(tenant), rowKey, stored.ETag, cancellationToken)
                : await store.TryReplace(RecordKeys.TableOf(rowKey), Partition.Of(tenant), stored with { Row = stored.Row with { Done = done } }, cancellationToken);
            if (written)
            {
                return done;
            }
        }

        throw new StoreUnavailableException("An outbox row is being changed by others again and again.");
    }

    private Task<Stored<OutboxRow>?> Find(TenantId tenant, string row, CancellationToken cancellationToken) =>
        store.Get<OutboxRow>(RecordKeys.TableOf(row), Partition.Of(tenant), row, cancellationToken);
}
