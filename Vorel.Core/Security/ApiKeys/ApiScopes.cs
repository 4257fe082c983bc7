namespace Vorel.Core.Security.ApiKeys;

/// <summary>What an API key may be allowed.</summary>
public static class ApiScopes
{
    /// <summary>Every GET.</summary>
    public const string Read = "read";

    /// <summary>Create and change leads, hand them off.</summary>
    public const string LeadsWrite = "leads:write";

    /// <summary>Create and change appointments.</summary>
    public const string AppointmentsWrite = "appointments:write";

    /// <summary>Create and change offerings.</summary>
    public const string OfferingsWrite = "offerings:write";

    /// <summary>Create and change conversations, send into them.</summary>
    public const string ConversationsWrite = "conversations:write";

    /// <summary>Push records into the tenant's CRM.</summary>
    public const string CrmWrite = "crm:write";

    /// <summary>All scopes.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, LeadsWrite, AppointmentsWrite, OfferingsWrite, ConversationsWrite, CrmWrite];
}
