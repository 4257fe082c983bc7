using Vorel.Core.Tenants;

namespace Vorel.Core.Alerts;

/// <summary>Tells people that something needs them. The domain decides when; the app decides how (log, telemetry, page).</summary>
public interface IAlerts
{
    /// <summary>Raises an alert. Never throws and never waits.</summary>
    void Raise(Alert alert);
}

/// <summary>One alert. It holds ids and codes only.</summary>
/// <param name="Code">What happened.</param>
/// <param name="Tenant">Whose.</param>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="Cause">The code of what led to it, where there is one.</param>
public sealed record Alert(AlertCode Code, TenantId Tenant, string Subject, string? Cause = null)
{
    /// <summary>A hint cannot be read; its row's key begins with its tenant, if it is a key of ours at all.</summary>
    internal static Alert OfUnreadableHint(string rowKey) =>
        new(AlertCode.UnknownWork, TenantId.TryParse(rowKey.Split('|')[0], out var tenant) ? tenant : default, "hint", "unreadable");
}

/// <summary>What alerts there are.</summary>
public enum AlertCode
{
    /// <summary>A subscription's deliveries run out of attempts: one alert per burst. The subject is the subscription.</summary>
    DeliveriesDeadLettered,

    /// <summary>A receiver answered 410, so its subscription was disabled. The subject is the subscription.</summary>
    SubscriptionDisabled,

    /// <summary>Something stands still until somebody acts: one alert per incident. The subject is the incident, the cause its type.</summary>
    IncidentOpened,

    /// <summary>
    /// The operator's own systems cannot be told of events, which wait: at most once an hour from one process. The subject is the event, the
    /// cause the status of the answer or the kind of failure.
    /// </summary>
    EventsNotPublished,

    /// <summary>An intent could not be shown or put again after the commit; it appears by itself after its delay. The subject is the outbox row.</summary>
    IntentNotShown,

    /// <summary>The excerpt of a receiver's answer could not be stored; the attempt is recorded without. The subject is the delivery.</summary>
    ExcerptNotStored,

    /// <summary>A subscription's secret or an event's body does not open, so the delivery waits. The subject is the delivery.</summary>
    DeliverySealed,

    /// <summary>What is due could not be looked into; it comes again, in a minute or, if it is the retention sweep's, in an hour. The subject is the kind of hint.</summary>
    HintFailed,

    /// <summary>A row of the audit log is not what was written. The subject is the row, the cause what is wrong; to verify the month tells more.</summary>
    AuditLogBroken,

    /// <summary>Uses of credentials could not be written down in the audit log in time. The subject is what is lacking.</summary>
    AuditEventsLost,

    /// <summary>A message or a hint is of a form or kind that this version does not know. The subject names it.</summary>
    UnknownWork,
}
