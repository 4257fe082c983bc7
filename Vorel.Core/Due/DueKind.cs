namespace Vorel.Core.Due;

/// <summary>What may be due.</summary>
internal static class DueKind
{
    /// <summary>A delivery that should have moved on by then.</summary>
    public const string Delivery = "delivery";

    /// <summary>Records of a tenant that are, or are about to be, stuck on their way to the CRM. One for each tenant.</summary>
    public const string Crm = "crm";

    /// <summary>A subscription whose deliveries run out of attempts.</summary>
    public const string Subscription = "subscription";

    /// <summary>An incident that the operator's own systems are told of.</summary>
    public const string Incident = "incident";

    /// <summary>A tombstone that has done its work by then.</summary>
    public const string Tombstone = "tombstone";

    /// <summary>A redrive that should have gone on by then.</summary>
    public const string Redrive = "redrive";

    /// <summary>Days of a tenant's audit log that are over and get a seal. One for each tenant; it never ends.</summary>
    public const string Audit = "audit";

    /// <summary>A rewrap that should have gone on by then. It is no tenant's, so its hint has the empty tenant id.</summary>
    public const string Rewrap = "rewrap";
}
