using System.Text;
using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Errors;
using Vorel.Core.Events;
using Vorel.Core.Ids;
using Vorel.Core.Security;
using Vorel.Core.Security.Egress;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Webhooks.Subscriptions;

/// <summary>Makes, lists, disables and deletes subscriptions, and opens their secrets for the moment of an attempt.</summary>
public sealed class SubscriptionService(
    IRowStore store, IEnvelopeProtector protector, EgressGuard egress, AuditLog audit, IdSource ids, Clocks clocks, IAlerts alerts)
{
    private const int MaxDescriptionLength = 200;
    private const int MaxTries = 5;

    /// <summary>
    /// With so many a tenant makes no more: an event goes out to all of them within one call, which the host ends after five minutes.
    /// Not exact, and far enough from what a call can do that it need not be: creates at the same moment do not see each other.
    /// </summary>
    internal const int Most = 100;

    /// <summary>Dead letters of one subscription within this span of the last alert belong to the same burst.</summary>
    private static readonly TimeSpan s_burst = TimeSpan.FromHours(1);

    /// <summary>Makes a subscription.</summary>
    /// <exception cref="ValidationException">The URL is refused, an event is unknown or there is none, or the description is too long.</exception>
    /// <exception cref="ConflictException">The tenant has a hundred or more.</exception>
    public async Task<CreatedSubscription> Create(
        TenantId tenant, string? targetUrl, IReadOnlyList<string>? events, string? description, AuditActor actor, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        var url = egress.Check(targetUrl, "/target_url", errors);
        errors.AddRange(CheckEvents(events));
        if (description is { Length: > MaxDescriptionLength })
        {
            errors.Add(new FieldError("/description", $"must have at most {MaxDescriptionLength} characters"));
        }

        if (errors.Count > 0)
        {
            throw new ValidationException(errors);
        }

        if ((await List(tenant, cancellationToken)).Count >= Most)
        {
            throw new ConflictException($"A tenant has at most {Most} webhook subscriptions.");
        }

        var id = ids.Next();
        var secret = WebhookSecret.Generate();
        var sealedSecret = await protector.Protect(Encoding.UTF8.GetBytes(secret), Scope(tenant, id), cancellationToken);
        var row = new SubscriptionRow(id, url, [.. events!.Distinct()], WebhookSecret.ShownPrefix(secret), sealedSecret) { Description = description };
        await audit.Append(tenant, new AuditEvent(AuditAction.SubscriptionCreated, actor) { Subject = id }, cancellationToken);
        await store.Commit(SubscriptionRow.Table, Partition.Of(tenant), TypedRows.Insert(row), cancellationToken);
        return new CreatedSubscription(row.ToSubscription(), secret);
    }

    /// <summary>All of a tenant's subscriptions, newest first.</summary>
    public async Task<IReadOnlyList<Subscription>> List(TenantId tenant, CancellationToken cancellationToken)
    {
        var subscriptions = new List<Subscription>();
        await foreach (var stored in store.Query<SubscriptionRow>(Partition.Of(tenant), RowRange.All, cancellationToken))
        {
            subscriptions.Add(stored.Row.ToSubscription());
        }

        return subscriptions;
    }

    /// <summary>One subscription.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public async Task<Subscription> Get(TenantId tenant, string id, CancellationToken cancellationToken) =>
        (await Find(tenant, Parse(id), cancellationToken) ?? throw NotThere()).Row.ToSubscription();

    /// <summary>Deletes a subscription. What waits to be delivered to it is cancelled at its next attempt.</summary>
    /// <exception cref="NotFoundException">It is not there.</exception>
    public async Task Delete(TenantId tenant, string id, AuditActor actor, CancellationToken cancellationToken)
    {
        if (await Find(tenant, Parse(id), cancellationToken) is not { Row: var row })
        {
            throw NotThere();
        }

        await audit.Append(tenant, new AuditEvent(AuditAction.SubscriptionDeleted, actor) { Subject = row.Id }, cancellationToken);
        if (!await store.TryDelete(SubscriptionRow.Table, Partition.Of(tenant), Uuid7.ToKey(Parse(id)), "*", cancellationToken))
        {
            throw NotThere();
        }
    }

    /// <summary>Stops sending to a subscription whose receiver answered a delivery that it is gone; one that is disabled or gone already is left as it is.</summary>
    internal async Task DisableGone(TenantId tenant, Guid id, Guid delivery, CancellationToken cancellationToken)
    {
        if (await Find(tenant, id, cancellationToken) is { Row.DisabledReason: null })
        {
            var disabled = new AuditEvent(AuditAction.SubscriptionDisabled, AuditActor.System) { Subject = id, Code = AuditCode.Gone };
            await audit.Append(tenant, disabled, cancellationToken);
        }

        await Change(
            tenant,
            id,
            row => row.DisabledReason is null ? row with { DisabledReason = AuditCode.Gone.Name, DisabledAt = clocks.Domain.GetUtcNow() } : null,
            AlertCode.SubscriptionDisabled,
            delivery,
            cancellationToken);
    }

    /// <summary>
    /// Keeps that a delivery ran out of attempts, and tells people: once for a burst, whichever process meets it. The row as it is then; null
    /// when it is gone.
    /// </summary>
    internal Task<SubscriptionRow?> AlertDeadLetter(TenantId tenant, Guid id, Guid delivery, DateTimeOffset endedAt, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        return Change(tenant, id, Failing, AlertCode.DeliveriesDeadLettered, delivery, cancellationToken);

        SubscriptionRow? Failing(SubscriptionRow row)
        {
            var failing = row.FailingSince is null && !(row.RecoveredAt >= endedAt) ? row with { FailingSince = endedAt } : row;
            return row.AlertedAt is { } last && (now - last).Duration() < s_burst ? (failing == row ? null : failing) : failing with { AlertedAt = now };
        }
    }

    /// <summary>Keeps that a delivery got through, if it ended after others had begun to run out of attempts.</summary>
    internal Task Recover(TenantId tenant, Guid id, DateTimeOffset endedAt, CancellationToken cancellationToken) => Change(
        tenant, id, row => row.FailingSince <= endedAt ? row with { FailingSince = null, RecoveredAt = endedAt } : null, null, null, cancellationToken);

    /// <summary>The row, or null when it is gone.</summary>
    internal async Task<SubscriptionRow?> FindRow(TenantId tenant, Guid id, CancellationToken cancellationToken) => (await Find(tenant, id, cancellationToken))?.Row;

    /// <summary>Where and with what to sign, if events are sent to this subscription; else null.</summary>
    internal async Task<SubscriptionTarget?> OpenTarget(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        await Find(tenant, id, cancellationToken) is { Row: { DisabledReason: null } row }
            ? new SubscriptionTarget(
                row.TargetUrl,
                Encoding.UTF8.GetString(await protector.Unprotect(row.SealedSecret, Scope(tenant, id), cancellationToken)),
                row.IsFailing)
            : null;

    private static IEnumerable<FieldError> CheckEvents(IReadOnlyList<string>? events)
    {
        if (events is not { Count: > 0 })
        {
            return [new FieldError("/events", "must name at least one event")];
        }

        return events
            .Select((name, position) => (Name: name, Position: position))
            .Where(entry => !EventNames.All.Contains(entry.Name))
            .Select(entry => new FieldError($"/events/{entry.Position}", "must be one of " + string.Join(", ", EventNames.All)));
    }

    private static Guid Parse(string id) => Uuid7.TryParse(id, out var parsed) ? parsed : throw NotThere();

    private static NotFoundException NotThere() => new("webhook subscription");

    internal static EnvelopeScope Scope(TenantId tenant, Guid id) => new(tenant, SubscriptionRow.Table, "webhook", id.ToString("D"));

    private Task<Stored<SubscriptionRow>?> Find(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        store.Get<SubscriptionRow>(Partition.Of(tenant), Uuid7.ToKey(id), cancellationToken);

    /// <summary>
    /// Changes the row unless the change is null, and tells people if it is one to tell of. A delivery whose change stands already comes again
    /// because it did not hear of it, or died before it told: it tells now. The row as it is then; null when it is gone.
    /// </summary>
    private async Task<SubscriptionRow?> Change(
        TenantId tenant, Guid id, Func<SubscriptionRow, SubscriptionRow?> change, AlertCode? code, Guid? delivery, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await Find(tenant, id, cancellationToken) is not { } stored)
            {
                return null;
            }

            var changed = change(stored.Row) ?? stored.Row;
            var tells = (changed.AlertedAt, changed.DisabledReason) != (stored.Row.AlertedAt, stored.Row.DisabledReason);
            changed = tells ? changed with { ChangedBy = delivery } : changed;
            if (changed != stored.Row
                && !await store.TryReplace(SubscriptionRow.Table, Partition.Of(tenant), stored with { Row = changed }, cancellationToken))
            {
                continue;
            }

            if (code is { } told && (tells || (delivery is not null && stored.Row.ChangedBy == delivery)))
            {
                alerts.Raise(new Alert(told, tenant, id.ToString("D")));
            }

            return changed;
        }

        throw new StoreUnavailableException("A subscription is being changed by others again and again.");
    }
}
