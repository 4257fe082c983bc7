namespace Vorel.Core.Incidents;

/// <summary>What stands still until somebody acts, or until what it depends on comes back.</summary>
public enum IncidentType
{
    /// <summary>The CRM has not taken records for 24 hours, or refuses them for good.</summary>
    CrmSyncFailure,

    /// <summary>The CRM cannot hold a kind of record, and there is no archive for it.</summary>
    CrmObjectUnsupported,

    /// <summary>The CRM's credential could not be refreshed, or its grant lacks a scope: the CRM has to be connected anew.</summary>
    CredentialRefreshFailed,

    /// <summary>Deliveries to a subscription have run out of attempts.</summary>
    WebhookDeadLetter,
}
