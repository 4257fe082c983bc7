namespace Vorel.Core.Crm.Credentials;

/// <summary>What a credential is used for.</summary>
public enum CredentialStatus
{
    /// <summary>It was not tested yet, or failed its test: nothing is read or written with it.</summary>
    Pending,

    /// <summary>It is the one that its tenant's CRM, or archive, is called with.</summary>
    Active,

    /// <summary>Another one took its place. It goes on working at the provider until it is revoked.</summary>
    Retiring,

    /// <summary>It is over, and what was sealed of it is gone.</summary>
    Revoked,
}
