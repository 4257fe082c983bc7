using Vorel.Core.Crm;
using Vorel.Core.Events;

namespace Vorel.Core.Records;

/// <summary>The kinds of records there are. Every one is mirrored to the CRM on insert; nothing else holds customer content.</summary>
public static class RecordKinds
{
    /// <summary>A conversation's header.</summary>
    public static RecordKind Conversation { get; } = new("conversation", new ConversationRow(),
    [
        new("channel", FieldType.Choice) { Required = true, Choices = ["whatsapp", "voice", "webform", "instagram", "email"] },
        new("customer_identifier", FieldType.Text) { Required = true, MinLength = 1, MaxLength = 255 },
        new("customer_name", FieldType.Text) { Nullable = true, Updatable = true, MaxLength = 200 },
        new("customer_language", FieldType.Language) { Nullable = true, Updatable = true },
        new("status", FieldType.Choice) { Creatable = false, Choices = ["active", "closed", "awaiting_human"], Default = "active" },
        new("first_message_at", FieldType.Moment) { Creatable = false, Nullable = true, OmittedWhenNull = true },
        new("last_message_at", FieldType.Moment) { Creatable = false, Nullable = true, OmittedWhenNull = true },
    ])
    {
        CrmObject = CrmObject.Conversation,
        Unique = [new("conversation", ["channel", "customer_identifier"])],
        DuplicateMessage = "There is a conversation with this channel and customer_identifier.",
        Events = [EventRule.Created(EventNames.ConversationCreated)],
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
        new("attributes", FieldType.Attributes) { Updatable = true, Default = "{}"u8.ToArray() },
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

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<RecordKind> All { get; } = [Conversation, Lead, Customer];

    /// <summary>The kind of this name, or null.</summary>
    public static RecordKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);
}
