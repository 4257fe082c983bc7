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

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        LeadCreated,
        LeadUpdated,
        LeadQualified,
        ConversationCreated,
        "conversation.handoff_requested",
        "conversation.closed",
        "booking.created",
        "booking.rescheduled",
        "booking.cancelled",
        "booking.completed",
        "offering.created",
        "offering.updated",
    ];
}
