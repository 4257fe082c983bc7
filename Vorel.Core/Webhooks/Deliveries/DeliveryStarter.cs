using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Messaging;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>Brings deliveries on their way, and back on their way.</summary>
public sealed class DeliveryStarter(IRowStore store, IOrchestrations orchestrations, DueHints hints, Clocks clocks)
{
    /// <summary>How long after an attempt was due somebody looks whether it happened.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Makes the delivery of an event to a subscription, unless it was made before, and starts its orchestration: hint
    /// first, then row, then start, so that whatever is lost in between, the tick finds it.
    /// </summary>
    internal async Task Start(TenantId tenant, Guid subscription, Guid eventId, string eventName, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        var row = new DeliveryRow(DeliveryIds.Of(subscription, eventId), subscription, eventId, eventName) { NextAttemptAt = now };
        var made = await hints.FileAround(
            moment => new DueRow(tenant, DueKind.Delivery, row.Id.ToString("D"), moment + s_grace),
            clocks.Domain,
            () => store.TryInsert(DeliveryIds.TableOf(row.Id), Partition.Of(tenant), row, cancellationToken),
            cancellationToken);
        if (!made && await Find(tenant, row.Id, cancellationToken) is not { Row.IsOver: false })
        {
            return;
        }

        Failpoints.Reach("after-delivery-row");
        await Run(tenant, row.Id, cancellationToken);
    }

    /// <summary>Starts the orchestration of a delivery that is overdue, or of one whose end has not led to what it must. The moment to look again, or null when it is over.</summary>
    internal async Task<DateTimeOffset?> Revive(TenantId tenant, Guid delivery, CancellationToken cancellationToken)
    {
        if (await Find(tenant, delivery, cancellationToken) is not { } stored || stored.Row.IsOver)
        {
            return null;
        }

        var now = clocks.Domain.GetUtcNow();
        var overdue = stored.Row.NextAttemptAt + s_grace <= now;
        if (overdue)
        {
            await Run(tenant, delivery, cancellationToken);
        }

        return (overdue ? now : stored.Row.NextAttemptAt) + s_grace;
    }

    private Task<Stored<DeliveryRow>?> Find(TenantId tenant, Guid delivery, CancellationToken cancellationToken) =>
        store.Get<DeliveryRow>(DeliveryIds.TableOf(delivery), Partition.Of(tenant), Uuid7.ToKey(delivery), cancellationToken);

    private Task<StartOutcome> Run(TenantId tenant, Guid delivery, CancellationToken cancellationToken) => orchestrations.Start(
        DeliveryIds.Orchestration,
        DeliveryIds.InstanceOf(delivery),
        $$"""{"tenant":"{{tenant}}","delivery":"{{delivery:D}}"}""",
        cancellationToken);
}
