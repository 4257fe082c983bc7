using Vorel.Core.Crm;

namespace Vorel.Core.Incidents;

/// <summary>How the types of incidents are spelled, and which of them a driver's failure belongs to. The one place.</summary>
public static class IncidentTypes
{
    /// <summary>The stable spelling.</summary>
    public static string Wire(this IncidentType type) => type switch
    {
        IncidentType.CrmSyncFailure => "crm_sync_failure",
        IncidentType.CrmObjectUnsupported => "crm_object_unsupported",
        IncidentType.CredentialRefreshFailed => "credential_refresh_failed",
        IncidentType.WebhookDeadLetter => "webhook_dead_letter",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such type."),
    };

    /// <summary>The type of a stable spelling, or null.</summary>
    public static IncidentType? Find(string wire) => Enum.GetValues<IncidentType>().Cast<IncidentType?>().FirstOrDefault(type => type!.Value.Wire() == wire);

    /// <summary>Whether it is about a CRM; its subject is then the provider's slug.</summary>
    internal static bool IsOfCrm(this IncidentType type) => type != IncidentType.WebhookDeadLetter;

    /// <summary>The type that a record belongs to whose writes fail like this; <paramref name="error"/> is a driver's code, null when nothing has failed yet.</summary>
    public static IncidentType OfError(string? error)
    {
        if (error == CrmErrorCode.Unsupported.Wire())
        {
            return IncidentType.CrmObjectUnsupported;
        }

        // To sign in anew mends both.
        return error == CrmErrorCode.RefreshFailed.Wire() || error == CrmErrorCode.InsufficientScope.Wire() ? IncidentType.CredentialRefreshFailed : IncidentType.CrmSyncFailure;
    }
}
