using Vorel.Core.Crm;
using Vorel.Core.Events;

namespace Vorel.Core.Records;

/// <summary>
/// The kinds of records there are. Every one of <see cref="All"/> is mirrored to the CRM on insert; nothing else holds customer content.
/// </summary>
public static class RecordKinds
{
    /// <summary>A conversation's header.</summary>
    public static RecordKind Conversation { get; } = new("conversation", new ConversationRow(),
    [
        new("channel", FieldType.Choice) { Required = true, Choices = ["whatsapp", "voice", "webform", "instagram", "email"] },
        new("customer_identifier", FieldType.Text) { Required = true, MinLength = 1, MaxLength = 255 },
        new("customer_name", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 200 },
        new("customer_language", FieldType.Language) { Nullable = true, Updatable = true },
        new("status", FieldType.Choice) { Creatable = false, Choices = ["active", "closed", "awaiting_human"], Default = "active", Ours = true },
        new("first_message_at", FieldType.Moment) { Creatable = false, Nullable = true, OmittedWhenNull = true, Mirrored = false },
        new("last_message_at", FieldType.Moment) { Creatable = false, Nullable = true, OmittedWhenNull = true, Mirrored = false },
    ])
    {
        CrmObject = CrmObject.Conversation,
        Unique = [new("conversation", ["channel", "customer_identifier"])],
        DuplicateMessage = "There is a conversation with this channel and customer_identifier.",
        Events = [EventRule.Created(EventNames.ConversationCreated), EventRule.Becomes(EventNames.ConversationClosed, "status", "closed") with { Once = true }],
    };

    /// <summary>A lead.</summary>
    public static RecordKind Lead { get; } = new("lead", new LeadRow(),
    [
        new("conversation_id", FieldType.Reference) { Required = true, Refers = "conversation" },
        new("name", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 200 },
        new("email", FieldType.Email) { Nullable = true, Updatable = true, MaxLength = 254 },
        new("phone", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 32 },
        new("intent", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 40 },
        new("timeline", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 40 },
        new("qualification_score", FieldType.Integer) { Nullable = true, Updatable = true, Min = 0, Max = 100 },
        new("status", FieldType.Choice) { Updatable = true, Choices = ["new", "qualified", "booked", "converted", "lost"], Default = "new" },
        new("source", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 40 },
        new("attributes", FieldType.Attributes) { Updatable = true, Default = Attributes.None },
        new("notes", FieldType.Text) { Nullable = true, Readable = false, MaxLength = 5000 },
    ])
    {
        CrmObject = CrmObject.Lead,
        Unique = [new("lead", ["conversation_id"])],
        DuplicateMessage = "The conversation has a lead.",
        Events =
        [
            EventRule.Created(EventNames.LeadCreated),
            EventRule.Changed(EventNames.LeadUpdated),
            EventRule.MovesOff(EventNames.LeadQualified, "status", "new"),
        ],
        ShowsUpdatedAt = true,
    };

    /// <summary>A customer: whom the business deals with, known by phone, e-mail or an id of the business's own.</summary>
    public static RecordKind Customer { get; } = new("customer", new CustomerRow(),
    [
        new("phone", FieldType.Phone) { Nullable = true, Updatable = true },
        new("email", FieldType.Email) { Nullable = true, Updatable = true, MaxLength = 254 },
        new("external_id", FieldType.Text) { Nullable = true, Updatable = true, MinLength = 1, MaxLength = 255 },
        new("name", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 200 },
        new("language", FieldType.Language) { Nullable = true, Updatable = true },
    ])
    {
        CrmObject = CrmObject.Contact,
        Unique =
        [
            new("customer.phone", ["phone"]),
            new("customer.email", ["email"]) { Normalise = EmailAddress.Normalise },
            new("customer.external_id", ["external_id"]),
        ],
        DuplicateMessage = "Another customer has this phone, email or external_id.",
        Rules = [RecordRule.AtLeastOne("phone", "email", "external_id")],
        ShowsUpdatedAt = true,
    };

    /// <summary>A message of a conversation's transcript: appended by <see cref="Transcripts"/>, never changed.</summary>
    public static RecordKind Message { get; } = new("message", new MessageRow(),
    [
        new("conversation_id", FieldType.Reference) { Creatable = false, Refers = "conversation" },
        new("sequence_number", FieldType.Integer) { Creatable = false },
        new("role", FieldType.Choice) { Required = true, Choices = ["customer", "agent_bot", "agent_human", "tool", "system"] },
        new("content", FieldType.Text) { Nullable = true, MinLength = 1, MaxLength = 16_000 },
        new("content_translated", FieldType.Text) { Nullable = true, MinLength = 1, MaxLength = 16_000 },
        new("language", FieldType.Language) { Nullable = true, Choices = ["mixed"] },
        new("media_url", FieldType.Link) { Nullable = true, MaxLength = 2048 },
        new("tool_payload", FieldType.Attributes) { Nullable = true },
    ])
    {
        CrmObject = CrmObject.Message,
        Rules = [RecordRule.AtLeastOne("content", "media_url", "tool_payload")],
        InOrder = true,
    };

    /// <summary>An appointment. Its events are called bookings.</summary>
    public static RecordKind Appointment { get; } = new("appointment", new AppointmentRow(),
    [
        new("customer_name", FieldType.Text) { Required = true, Updatable = true, MinLength = 1, MaxLength = 200 },
        new("customer_phone", FieldType.Text) { Required = true, Updatable = true, MinLength = 5, MaxLength = 32 },
        new("customer_email", FieldType.Email) { Nullable = true, Updatable = true, MaxLength = 254 },
        new("scheduled_start", FieldType.Moment) { Required = true, Updatable = true },
        new("scheduled_end", FieldType.Moment) { Required = true, Updatable = true },
        new("location_text", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 500 },
        new("status", FieldType.Choice) { Updatable = true, Choices = ["confirmed", "cancelled", "completed", "rescheduled", "no_show"], Default = "confirmed" },
        new("conversation_id", FieldType.Reference) { Nullable = true, Refers = "conversation" },
        new("lead_id", FieldType.Reference) { Nullable = true, Refers = "lead" },
        new("offering_id", FieldType.Reference) { Nullable = true, Refers = "offering" },
        new("google_calendar_event_id", FieldType.Text) { Nullable = true, Creatable = false },
        new("notes", FieldType.Text) { Nullable = true, Readable = false, MaxLength = 5000 },
    ])
    {
        CrmObject = CrmObject.Appointment,
        Rules = [RecordRule.Ordered("scheduled_start", "scheduled_end")],
        ListedBy = "scheduled_start",
        EventId = "booking_id",
        Events =
        [
            EventRule.Created(EventNames.BookingCreated),
            EventRule.Changed(EventNames.BookingRescheduled, "scheduled_start", "scheduled_end"),
            EventRule.Becomes(EventNames.BookingCancelled, "status", "cancelled"),
            EventRule.Becomes(EventNames.BookingCompleted, "status", "completed"),
        ],
    };

    /// <summary>A case: a request or complaint that somebody has to see to.</summary>
    public static RecordKind Case { get; } = new("case", new CaseRow(),
    [
        new("subject", FieldType.Text) { Required = true, Updatable = true, MinLength = 1, MaxLength = 200 },
        new("description", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 5000 },
        new("status", FieldType.Choice) { Updatable = true, Choices = ["open", "pending", "closed"], Default = "open" },
        new("conversation_id", FieldType.Reference) { Nullable = true, Refers = "conversation" },
        new("customer_id", FieldType.Reference) { Nullable = true, Refers = "customer" },
        new("attributes", FieldType.Attributes) { Updatable = true, Default = Attributes.None },
    ])
    {
        CrmObject = CrmObject.Case,
        ShowsUpdatedAt = true,
    };

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<RecordKind> All { get; } = [Conversation, Lead, Customer, Message, Appointment, Case];

    /// <summary>
    /// An offering of the tenant's catalogue. It is no customer's content: class (d), kept, in a table of its own, not the CRM's.
    /// </summary>
    public static RecordKind Offering { get; } = new("offering", new OfferingRow(),
    [
        new("title", FieldType.Text) { Required = true, Updatable = true, MinLength = 1, MaxLength = 500 },
        new("title_ar", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 500 },
        new("price", FieldType.Price) { Required = true, Updatable = true },
        new("price_currency", FieldType.Currency) { Updatable = true, Default = "AED" },
        new("external_id", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 120 },
        new("reference_number", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 120 },
        new("description", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 10_000 },
        new("description_ar", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 10_000 },
        new("attributes", FieldType.Attributes) { Updatable = true, Default = Attributes.None },
        new("address", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 500 },
        new("photos", FieldType.Links) { Updatable = true, MaxLength = 2048, Max = 20, Default = "[]"u8.ToArray() },
        new("status", FieldType.Text) { Updatable = true, MinLength = 1, MaxLength = 40, Default = "active" },
        new("available_from", FieldType.Date) { Nullable = true, Updatable = true },
        new("deleted_at", FieldType.Moment) { Nullable = true, Creatable = false, Readable = false },
    ])
    {
        Table = "Offerings",
        CrmObject = null,
        Events = [EventRule.Created(EventNames.OfferingCreated), EventRule.Changed(EventNames.OfferingUpdated).Except("deleted_at")],
        ShowsUpdatedAt = true,
    };

    /// <summary>The kind of record of this name, or null.</summary>
    public static RecordKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>What a reference points to.</summary>
    internal static RecordKind Target(RecordField field) => field.Refers == Offering.Name ? Offering : Find(field.Refers)!;
}
