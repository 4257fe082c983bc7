using Vorel.Core.Crm.Credentials;

namespace Vorel.Core.Crm.Connections;

/// <summary>What became of a credential that was entered, granted or tested.</summary>
/// <param name="Credential">Its id.</param>
/// <param name="Provider">The provider's slug.</param>
/// <param name="Status">Whether it is used now.</param>
public sealed record ConnectResult(Guid Credential, string Provider, CredentialStatus Status)
{
    /// <summary>Why its test failed; null when it did not.</summary>
    public CredentialReason? Reason { get; init; }

    /// <summary>The object types of our records that neither the CRM nor the archive holds. Empty when the driver did not open.</summary>
    public IReadOnlyList<CrmObject> Lacking { get; init; } = [];

    /// <summary>Since when the system is connected; null while it is not.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }
}
