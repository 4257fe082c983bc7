namespace Vorel.Fakes.HubSpot;

/// <summary>A kind of record.</summary>
/// <param name="Name">The name in paths, such as <c>contacts</c>.</param>
/// <param name="Id">The object type id, such as <c>0-1</c>.</param>
/// <param name="Constant">The name in messages, such as <c>CONTACT</c>.</param>
public sealed record HubSpotObjectType(string Name, string Id, string Constant)
{
    /// <summary>What a record cannot be created without.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What an answer has that was not asked for more, beside the id and the two times.</summary>
    public IReadOnlyList<string> Defaults { get; init; } = [];

    /// <summary>What <c>query</c> looks through.</summary>
    public IReadOnlyList<string> Searched { get; init; } = [];

    /// <summary>The property with the time of creation.</summary>
    public string Created { get; init; } = "createdate";

    /// <summary>The property with the time of the last change.</summary>
    public string Modified { get; init; } = "hs_lastmodifieddate";

    /// <summary>Scopes of which one lets its records be read.</summary>
    public IReadOnlyList<string> ReadScopes { get; init; } = [];

    /// <summary>Scopes of which one lets its records be written.</summary>
    public IReadOnlyList<string> WriteScopes { get; init; } = [];

    /// <summary>Scopes of which one lets its properties and pipelines be read.</summary>
    public IReadOnlyList<string> SchemaReadScopes { get; init; } = [];

    /// <summary>Scopes of which one lets its properties be changed.</summary>
    public IReadOnlyList<string> SchemaWriteScopes { get; init; } = [];

    /// <summary>The properties of the two names of its pipeline and stage; null where it has none.</summary>
    public (string Pipeline, string Stage)? Stages { get; init; }

    /// <summary>The name of one record in types of associations, such as <c>deal</c>.</summary>
    public string Singular { get; init; } = Constant.ToLowerInvariant();

    /// <summary>The types of every account.</summary>
    public static IReadOnlyList<HubSpotObjectType> Standard { get; } =
    [
        new("contacts", "0-1", "CONTACT")
        {
            Defaults = ["email", "firstname", "lastname"],
            Searched = ["firstname", "lastname", "email", "phone", "hs_additional_emails", "fax", "mobilephone", "company"],
            Modified = "lastmodifieddate",
            ReadScopes = ["crm.objects.contacts.read"],
            WriteScopes = ["crm.objects.contacts.write"],
            SchemaReadScopes = ["crm.schemas.contacts.read", "crm.objects.contacts.read"],
            SchemaWriteScopes = ["crm.schemas.contacts.write"],
        },
        new("companies", "0-2", "COMPANY")
        {
            Defaults = ["name", "domain"],
            Searched = ["website", "phone", "name", "domain"],
            ReadScopes = ["crm.objects.companies.read"],
            WriteScopes = ["crm.objects.companies.write"],
            SchemaReadScopes = ["crm.schemas.companies.read", "crm.objects.companies.read"],
            SchemaWriteScopes = ["crm.schemas.companies.write"],
        },
        new("deals", "0-3", "DEAL")
        {
            Required = ["dealname", "pipeline", "dealstage"],
            Defaults = ["dealname", "amount", "closedate", "pipeline", "dealstage"],
            Searched = ["dealname", "pipeline", "dealstage", "description", "dealtype"],
            ReadScopes = ["crm.objects.deals.read"],
            WriteScopes = ["crm.objects.deals.write"],
            SchemaReadScopes = ["crm.schemas.deals.read", "crm.objects.deals.read"],
            SchemaWriteScopes = ["crm.schemas.deals.write"],
            Stages = ("pipeline", "dealstage"),
        },
        new("tickets", "0-5", "TICKET")
        {
            Required = ["subject", "hs_pipeline", "hs_pipeline_stage"],
            Defaults = ["content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority", "subject"],
            Searched = ["subject", "content", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_id"],
            ReadScopes = ["tickets"],
            WriteScopes = ["tickets"],
            SchemaReadScopes = ["tickets"],
            SchemaWriteScopes = ["tickets"],
            Stages = ("hs_pipeline", "hs_pipeline_stage"),
        },
        Engagement("tasks", "0-27", "TASK", "hs_task_body", "hs_task_subject"),
        Engagement("notes", "0-46", "NOTE", "hs_note_body"),
        Engagement("meetings", "0-47", "MEETING_EVENT", "hs_meeting_title", "hs_meeting_body"),
        Engagement("calls", "0-48", "CALL", "hs_call_title", "hs_call_body"),
    ];

    // Notes and calls ride on the scopes of contacts.
    private static HubSpotObjectType Engagement(string name, string id, string constant, params string[] searched) => new(name, id, constant)
    {
        Required = ["hs_timestamp"],
        Searched = searched,
        Created = "hs_createdate",
        ReadScopes = ["crm.objects.contacts.read"],
        WriteScopes = ["crm.objects.contacts.write"],
        SchemaReadScopes = ["crm.schemas.contacts.read", "crm.objects.contacts.read"],
        SchemaWriteScopes = ["crm.schemas.contacts.write"],
    };
}
