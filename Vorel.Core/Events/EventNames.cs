namespace Vorel.Core.Events;

/// <summary>The twelve events that webhooks carry (webhook guide).</summary>
public static class EventNames
{
    /// <summary>A lead was made.</summary>
    public const string LeadCreated = "lead.created";

    /// <summary>A lead was changed.</summary>
    public const string LeadUpdated = "lead.updated";

    /// <summary>A lead's status moved off <c>new</c>, for the first time.</summary>
    public const string LeadQualified = "lead.qualified";

    /// <summary>A conversation was made.</summary>
    public const string ConversationCreated = "conversation.created";

    /// <summary>A conversation was closed.</summary>
    public const string ConversationClosed = "conversation.closed";

    /// <summary>An appointment was made.</summary>
    public const string BookingCreated = "booking.created";

    /// <summary>An appointment has another start or end.</summary>
    public const string BookingRescheduled = "booking.rescheduled";

    /// <summary>An appointment was cancelled.</summary>
    public const string BookingCancelled = "booking.cancelled";

    /// <summary>An appointment took place.</summary>
    public const string BookingCompleted = "booking.completed";

    /// <summary>An offering was made.</summary>
    public const string OfferingCreated = "offering.created";

    /// <summary>An offering was changed.</summary>
    public const string OfferingUpdated = "offering.updated";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        LeadCreated,
        LeadUpdated,
        LeadQualified,
        ConversationCreated,
        "conversation.handoff_requested",
        ConversationClosed,
        BookingCreated,
        BookingRescheduled,
        BookingCancelled,
        BookingCompleted,
        OfferingCreated,
        OfferingUpdated,
    ];
}
