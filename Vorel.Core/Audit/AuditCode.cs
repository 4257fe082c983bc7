using Vorel.Core.Crm;
using Vorel.Core.Crm.OAuth;

namespace Vorel.Core.Audit;

/// <summary>Why, in one word of a closed set.</summary>
public sealed record AuditCode
{
    private AuditCode(string name) => Name = name;

    /// <summary>The other side said that it is gone for good.</summary>
    public static AuditCode Gone { get; } = new("gone");

    /// <summary>How it is spelled in rows and answers.</summary>
    public string Name { get; }

    /// <summary>Why a sign-in came to nothing.</summary>
    public static AuditCode Of(OAuthRefusal refusal) => new(refusal.Wire());

    /// <summary>What a CRM, or the driver for it, said.</summary>
    public static AuditCode Of(CrmErrorCode code) => new(code.Wire());
}
