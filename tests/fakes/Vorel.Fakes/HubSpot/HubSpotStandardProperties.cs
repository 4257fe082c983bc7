namespace Vorel.Fakes.HubSpot;

/// <summary>The properties that every account has, as far as somebody may want them here: an account has hundreds.</summary>
internal static class HubSpotStandardProperties
{
    private static readonly (string, string)[] s_lifecycle =
        [("subscriber", "Subscriber"), ("lead", "Lead"), ("marketingqualifiedlead", "Marketing Qualified Lead"), ("salesqualifiedlead", "Sales Qualified Lead"),
        ("opportunity", "Opportunity"), ("customer", "Customer"), ("evangelist", "Evangelist"), ("other", "Other")];

    /// <summary>Those of a type. Which values a pipeline or stage may have the account's pipelines say.</summary>
    public static IEnumerable<HubSpotProperty> Of(HubSpotObjectType type) => (type.Name switch
    {
        "contacts" => Contact(),
        "companies" => [Text("name"), Text("domain"), Text("website"), Phone("phone"), Text("city"), Text("industry"), Text("description")],
        "deals" => [Text("dealname"), Number("amount"), Time("closedate"), Choice("pipeline"), Choice("dealstage"), Text("description"),
            Choice("dealtype", ("newbusiness", "New Business"), ("existingbusiness", "Existing Business")), Owner()],
        "tickets" => [Text("subject"), Text("content"), Choice("hs_pipeline"), Choice("hs_pipeline_stage"), Owner(), ReadOnly(Number("hs_ticket_id")),
            Choice("hs_ticket_category", ("PRODUCT_ISSUE", "Product issue"), ("BILLING_ISSUE", "Billing issue"), ("GENERAL_INQUIRY", "General inquiry")),
            Choice("hs_ticket_priority", ("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High"), ("URGENT", "Urgent"))],
        "notes" => [Time("hs_timestamp"), Text("hs_note_body"), Text("hs_attachment_ids"), Owner()],
        "calls" => [Time("hs_timestamp"), Text("hs_call_title"), Text("hs_call_body"), Number("hs_call_duration"), Text("hs_call_from_number"),
            Text("hs_call_to_number"), Text("hs_call_recording_url"), Choice("hs_call_direction", ("INBOUND", "Inbound"), ("OUTBOUND", "Outbound")), Owner(),
            Choice("hs_call_status", [.. "BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS NO_ANSWER QUEUED RINGING".Split(' ').Select(value => (value, value))])],
        "meetings" => [Time("hs_timestamp"), Text("hs_meeting_title"), Text("hs_meeting_body"), Text("hs_internal_meeting_notes"), Text("hs_meeting_location"),
            Text("hs_meeting_external_url"), Time("hs_meeting_start_time"), Time("hs_meeting_end_time"), Owner(),
            Choice("hs_meeting_outcome", ("SCHEDULED", "Scheduled"), ("COMPLETED", "Completed"), ("RESCHEDULED", "Rescheduled"), ("NO_SHOW", "No show"), ("CANCELED", "Canceled"))],
        "tasks" => [Time("hs_timestamp"), Text("hs_task_subject"), Text("hs_task_body"), Owner(),
            Choice("hs_task_priority", ("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")),
            Choice("hs_task_status", ("NOT_STARTED", "Not started"), ("IN_PROGRESS", "In progress"), ("WAITING", "Waiting"), ("COMPLETED", "Completed"), ("DEFERRED", "Deferred")),
            Choice("hs_task_type", ("TODO", "To-do"), ("CALL", "Call"), ("EMAIL", "Email"))],
        _ => Array.Empty<HubSpotProperty>(),
    }).Concat([ReadOnly(Number("hs_object_id")), ReadOnly(Time(type.Created)), ReadOnly(Time(type.Modified))])
        .Select(property => property with { Group = type.Singular + "information" });

    private static HubSpotProperty[] Contact() =>
    [
        Text("email") with { HasUniqueValue = true },
        Text("firstname"), Text("lastname"), Text("company"), Text("jobtitle"), Text("website"), Text("address"), Text("city"), Text("state"), Text("zip"), Text("country"),
        Text("fax"), Text("date_of_birth"), Text("message"), Phone("phone"), Phone("mobilephone"), Owner(),
        Choice("lifecyclestage", s_lifecycle),
        Choice("hs_lead_status", ("NEW", "New"), ("OPEN", "Open"), ("IN_PROGRESS", "In Progress"), ("OPEN_DEAL", "Open Deal"), ("UNQUALIFIED", "Unqualified"),
            ("ATTEMPTED_TO_CONTACT", "Attempted to Contact"), ("CONNECTED", "Connected"), ("BAD_TIMING", "Bad Timing")),
        ReadOnly(Text("hs_additional_emails")), ReadOnly(Text("hs_email_domain")), ReadOnly(Choice("hs_analytics_source")),
        ReadOnly(Text("hs_searchable_calculated_phone_number")), ReadOnly(Text("hs_searchable_calculated_mobile_number")),
    ];

    private static HubSpotProperty Text(string name) => new(name, Label(name), "string", "text");

    private static HubSpotProperty Phone(string name) => new(name, Label(name), "string", "phonenumber");

    private static HubSpotProperty Number(string name) => new(name, Label(name), "number", "number");

    private static HubSpotProperty Time(string name) => new(name, Label(name), "datetime", "date");

    private static HubSpotProperty Choice(string name, params (string, string)[] options) => new(name, Label(name), "enumeration", "select") { Options = options };

    // Owners are an account's users, which the stand-in has none of.
    private static HubSpotProperty Owner() => Text("hubspot_owner_id");

    private static HubSpotProperty ReadOnly(HubSpotProperty property) => property with { ReadOnly = true };

    private static string Label(string name) => string.Join(' ', name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
