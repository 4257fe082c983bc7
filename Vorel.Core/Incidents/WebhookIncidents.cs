using Vorel.Core.Due;
using Vorel.Core.Tenants;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Core.Webhooks.Subscriptions;

namespace Vorel.Core.Incidents;

/// <summary>
/// Incidents of subscriptions whose deliveries run out of attempts. People were told by the burst's own alert; these say what became of it.
/// What a delivery's end leads to opens and closes them; the look makes up for what that missed. Safe to repeat, and to do twice at once.
/// </summary>
public sealed class WebhookIncidents(SubscriptionService subscriptions, IncidentService incidents, DueHints hints, Clocks clocks)
{
    /// <summary>A delivery ran out of attempts: people are told, and the subscription's incident is opened, or shows it as well.</summary>
    internal async Task Fail(TenantId tenant, DeliveryRow delivery, CancellationToken cancellationToken)
    {
        var ended = delivery.EndedAt ?? clocks.Domain.GetUtcNow();
        var subscription = await subscriptions.AlertDeadLetter(tenant, delivery.Subscription, delivery.Id, ended, cancellationToken);
        if (subscription is not { IsFailing: true })
        {
            // Gone, disabled, or a later delivery got through before this one came to tell.
            return;
        }

        await Report(tenant, subscription, delivery, cancellationToken);

        // Once more, behind the row: who repeats this after a death finds the incident open, perhaps without a hint.
        await hints.File(Hint(tenant, delivery.Subscription, clocks.Domain.GetUtcNow()), cancellationToken);
    }

    /// <summary>A delivery got through: what ran out of attempts before it is past.</summary>
    internal async Task Recover(TenantId tenant, DeliveryRow delivery, CancellationToken cancellationToken)
    {
        await subscriptions.Recover(tenant, delivery.Subscription, delivery.EndedAt ?? clocks.Domain.GetUtcNow(), cancellationToken);
        await Look(tenant, delivery.Subscription, cancellationToken);
    }

    /// <summary>
    /// Closes the incident of a subscription that is gone, disabled or no longer failing, and opens the one of a subscription that fails after
    /// all. The moment to look again, or null when there is none open.
    /// </summary>
    internal async Task<DateTimeOffset?> Look(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        // In this order: an incident that a dead letter opens or touches after the subscription was read is not the one that is closed here.
        var open = await incidents.Find(tenant, IncidentType.WebhookDeadLetter, id.ToString("D"), cancellationToken);
        var subscription = await subscriptions.FindRow(tenant, id, cancellationToken);
        if (subscription is { IsFailing: true })
        {
            await Report(tenant, subscription, null, cancellationToken);
            return Next(clocks.Domain.GetUtcNow());
        }

        var because = subscription is { DisabledReason: null } ? ClosedBecause.Resolved : ClosedBecause.Disconnected;
        return open is null || await incidents.Close(tenant, open, because, cancellationToken) ? null : Next(clocks.Domain.GetUtcNow());
    }

    private static DueRow Hint(TenantId tenant, Guid subscription, DateTimeOffset now) =>
        new(tenant, DueKind.Subscription, subscription.ToString("D"), Next(now));

    /// <summary>The next five minutes of the clock but one at least: hints of many deliveries are one.</summary>
    private static DateTimeOffset Next(DateTimeOffset now) => Looks.Next(now + TimeSpan.FromMinutes(1));

    private Task Report(TenantId tenant, SubscriptionRow subscription, DeliveryRow? delivery, CancellationToken cancellationToken)
    {
        var example = delivery is null ? null : $"delivery:{delivery.Id:D}";
        var error = delivery is { Attempts: [.., { Error: { } last }] } ? last.ToString().ToLowerInvariant() : null;
        return incidents.Report(
            tenant,
            moment => Hint(tenant, subscription.Id, moment),
            IncidentType.WebhookDeadLetter,
            subscription.Id.ToString("D"),
            row =>
            {
                var isNew = example is not null && row.Examples.Count < IncidentRow.MostExamples && !row.Examples.Contains(example);
                return row.AlertedAt is not null && !isNew && (error is null || error == row.LastError) ? null : row with
                {
                    OldestSince = row.OldestSince ?? subscription.FailingSince,
                    FirstError = row.FirstError ?? error,
                    LastError = error ?? row.LastError,
                    Examples = isNew ? [.. row.Examples, example!] : row.Examples,
                    AlertedAt = row.AlertedAt ?? clocks.Domain.GetUtcNow(),
                };
            },
            cancellationToken);
    }
}
