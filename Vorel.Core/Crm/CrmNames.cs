namespace Vorel.Core.Crm;

/// <summary>How codes and object types are spelled outside of this program: in answers, rows, audit and posts. The one place.</summary>
public static class CrmNames
{
    /// <summary>The stable spelling of an error code.</summary>
    public static string Wire(this CrmErrorCode code) => code switch
    {
        CrmErrorCode.AuthError => "auth_error",
        CrmErrorCode.InsufficientScope => "insufficient_scope",
        CrmErrorCode.RefreshFailed => "refresh_failed",
        CrmErrorCode.RateLimited => "rate_limited",
        CrmErrorCode.ValidationError => "validation_error",
        CrmErrorCode.NotFound => "not_found",
        CrmErrorCode.Conflict => "conflict",
        CrmErrorCode.DeleteUnsupported => "delete_unsupported",
        CrmErrorCode.Unsupported => "unsupported",
        CrmErrorCode.ProviderError => "provider_error",
        CrmErrorCode.ProviderUnavailable => "provider_unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "There is no such code."),
    };

    /// <summary>The stable spelling of an object type.</summary>
    public static string Wire(this CrmObject crmObject) => crmObject switch
    {
        CrmObject.Contact => "contact",
        CrmObject.Lead => "lead",
        CrmObject.Deal => "deal",
        CrmObject.Appointment => "appointment",
        CrmObject.Case => "case",
        CrmObject.Conversation => "conversation",
        CrmObject.Message => "message",
        _ => throw new ArgumentOutOfRangeException(nameof(crmObject), crmObject, "There is no such object type."),
    };
}
