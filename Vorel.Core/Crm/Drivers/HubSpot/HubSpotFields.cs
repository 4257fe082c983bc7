namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>The built-in mapping: which HubSpot object and property each canonical object and field is.</summary>
internal static class HubSpotFields
{
    /// <summary>Holds the key that a record was made under.</summary>
    public const string Key = "vorel_key";

    /// <summary>Holds what no other property holds, in readable lines (<see cref="HubSpotDetails"/>).</summary>
    public const string Details = "vorel_details";

    /// <summary>Holds the id that the business itself knows a customer by.</summary>
    public const string BusinessId = "vorel_external_id";

    public const string FirstName = "firstname";
    public const string LastName = "lastname";
    public const string Timestamp = "hs_timestamp";
    public const string Outcome = "hs_meeting_outcome";

    /// <summary>People.</summary>
    public static readonly HubSpotShape Contacts = new("contacts", "0-1", "email", "lastmodifieddate", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["first_name"] = FirstName,
        ["last_name"] = LastName,
        ["phone"] = "phone",
        ["mobile"] = "mobilephone",
        ["email"] = "email",
        ["dob"] = "date_of_birth",
        ["external_id"] = BusinessId,
    })
    {
        KeyIsUnique = true,
        Own = new Dictionary<string, bool>(StringComparer.Ordinal) { [Key] = true, [BusinessId] = true, [Details] = false },
    };

    private static readonly HubSpotShape s_deals = new("deals", "0-3", "dealname", "hs_lastmodifieddate", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["name"] = "dealname",
        ["amount"] = "amount",
        ["stage"] = "dealstage",
        ["close_date"] = "closedate",
        ["description"] = "description",
    })
    {
        KeyIsUnique = true,
        Stages = ("pipeline", "dealstage"),
        Required = ["dealname", "pipeline", "dealstage"],
        Own = new Dictionary<string, bool>(StringComparer.Ordinal) { [Key] = true, [Details] = false },
    };

    private static readonly HubSpotShape s_tickets = new("tickets", "0-5", "subject", "hs_lastmodifieddate", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["subject"] = "subject",
        ["description"] = "content",
        ["stage"] = "hs_pipeline_stage",
    })
    {
        KeyIsUnique = true,
        Stages = ("hs_pipeline", "hs_pipeline_stage"),
        Required = ["subject", "hs_pipeline", "hs_pipeline_stage"],
        Own = new Dictionary<string, bool>(StringComparer.Ordinal) { [Key] = true, [Details] = false },
    };

    private static readonly HubSpotShape s_meetings = new("meetings", "0-47", "hs_meeting_title", "hs_lastmodifieddate", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["title"] = "hs_meeting_title",
        ["scheduled_start"] = "hs_meeting_start_time",
        ["scheduled_end"] = "hs_meeting_end_time",
        ["status"] = Outcome,
    })
    {
        Body = "hs_meeting_body",
        Required = [Timestamp],
        Own = new Dictionary<string, bool>(StringComparer.Ordinal) { [Key] = false, [Details] = false },
    };

    /// <summary>Notes, which conversations and their messages are.</summary>
    private static readonly HubSpotShape s_notes = new("notes", "0-46", "hs_note_body", "hs_lastmodifieddate", new Dictionary<string, string>(StringComparer.Ordinal))
    {
        Body = "hs_note_body",
        OwnsBody = true,
        Required = [Timestamp],
        Own = new Dictionary<string, bool>(StringComparer.Ordinal) { [Key] = false, [Details] = false },
    };

    /// <summary>A transcript's pages are notes that are their body alone.</summary>
    private static readonly HubSpotShape s_pages = s_notes with
    {
        Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["content"] = "hs_note_body" },
        Own = new Dictionary<string, bool>(StringComparer.Ordinal) { [Key] = false },
    };

    private static readonly Dictionary<CrmObject, HubSpotShape> s_shapes = new()
    {
        [CrmObject.Contact] = Contacts,
        [CrmObject.Lead] = s_deals,
        [CrmObject.Deal] = s_deals,
        [CrmObject.Case] = s_tickets,
        [CrmObject.Appointment] = s_meetings,
        [CrmObject.Conversation] = s_notes,
        [CrmObject.Message] = s_pages,
    };

    /// <summary>What an appointment's states are called there.</summary>
    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["confirmed"] = "SCHEDULED",
        ["completed"] = "COMPLETED",
        ["rescheduled"] = "RESCHEDULED",
        ["no_show"] = "NO_SHOW",
        ["cancelled"] = "CANCELED",
    };

    /// <summary>Every property that the driver writes, by name.</summary>
    public static IReadOnlyList<string> AllProperties { get; } = [.. s_shapes.Values.SelectMany(shape => shape.Read).Append(Timestamp).Distinct(StringComparer.Ordinal)];

    /// <summary>HubSpot's objects that are used, once each.</summary>
    public static IReadOnlyList<HubSpotShape> Shapes { get; } = [Contacts, s_deals, s_tickets, s_meetings, s_notes];

    /// <summary>What an object type is there.</summary>
    public static HubSpotShape Of(CrmObject crmObject) => s_shapes[crmObject];
}
