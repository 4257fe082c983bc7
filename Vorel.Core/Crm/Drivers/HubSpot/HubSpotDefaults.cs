namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>HubSpot's addresses, names and limits. README.md beside this file says which are verified.</summary>
internal static class HubSpotDefaults
{
    public const string Provider = "hubspot";

    public const string Name = "HubSpot";

    /// <summary>The version of every path, <c>v3</c> or a date such as <c>2026-03</c>: the one place to change it.</summary>
    public const string Version = "v3";

    /// <summary>Records of one search at most.</summary>
    public const int MaxPage = 200;

    /// <summary>Records that one list gives at most, in pages.</summary>
    public const int MaxListed = 1_000;

    /// <summary>Characters of a search.</summary>
    public const int MaxQuery = 3_000;

    /// <summary>Characters of a note, and of any other long text.</summary>
    public const int MaxText = 65_536;

    /// <summary>Custom object types that introspection looks into.</summary>
    public const int MaxCustomObjects = 20;

    /// <summary>How late what was written may be found by a search; a repeat waits for that.</summary>
    public static readonly TimeSpan SearchLag = TimeSpan.FromSeconds(30);

    /// <summary>For how long it is remembered which properties and pipelines an account has.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public static readonly Uri Api = new("https://api.hubapi.com");

    public static readonly Uri App = new("https://app.hubspot.com");

    public static readonly HubSpotPaths Paths = new(Version);

    /// <summary>
    /// Without one of these a connection does not become active. Notes and meetings ride on those of contacts; the schema scopes are for the properties that
    /// hold our keys.
    /// </summary>
    public static readonly IReadOnlyList<string> Scopes =
    [
        "oauth",
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
        "crm.objects.deals.read",
        "crm.objects.deals.write",
        "tickets",
        "crm.schemas.contacts.read",
        "crm.schemas.contacts.write",
        "crm.schemas.deals.read",
        "crm.schemas.deals.write",
    ];

    /// <summary>
    /// HubSpot takes 100 calls in 10 s of an app in an account (110 of one that many accounts use), and a write takes two to five. Contacts, deals and tickets keep
    /// our key in a unique property; notes and meetings are searched by it, which is late.
    /// </summary>
    public static readonly CrmCapabilities Capabilities = new(
        Enum.GetValues<CrmObject>().ToHashSet(), CanRead: true, CrmDeletion.Soft, new CrmRate(30, TimeSpan.FromSeconds(10)))
    {
        FoundByKey = new HashSet<CrmObject> { CrmObject.Contact, CrmObject.Lead, CrmObject.Deal, CrmObject.Case },
        FoundByKeyLater = new HashSet<CrmObject> { CrmObject.Appointment, CrmObject.Conversation, CrmObject.Message },
    };

    // The ids that HubSpot documents for the direction of the pair.
    private static readonly Dictionary<(string From, string To), int> s_associations = new()
    {
        [("deals", "contacts")] = 3,
        [("tickets", "contacts")] = 16,
        [("tickets", "deals")] = 28,
        [("meetings", "contacts")] = 200,
        [("notes", "contacts")] = 202,
        [("meetings", "deals")] = 212,
        [("deals", "notes")] = 213,
        [("notes", "deals")] = 214,
        [("meetings", "tickets")] = 226,
        [("tickets", "notes")] = 227,
        [("notes", "tickets")] = 228,
    };

    /// <summary>The type of the association between two objects; null where there is none.</summary>
    public static int? Association(string from, string to) => s_associations.TryGetValue((from, to), out var type) ? type : null;

    /// <summary>The other end of an association of a type.</summary>
    public static string Associated(string from, int type) => s_associations.First(association => association.Key.From == from && association.Value == type).Key.To;
}
