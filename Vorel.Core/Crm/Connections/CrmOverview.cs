using Vorel.Core.Crm.Credentials;

namespace Vorel.Core.Crm.Connections;

/// <summary>What a tenant has connected.</summary>
/// <param name="Main">The CRM.</param>
/// <param name="Archive">The archive.</param>
/// <param name="Lacking">The object types of our records that neither can hold; null when there is no CRM, or its credentials do not open.</param>
public sealed record CrmOverview(CrmRoleOverview Main, CrmRoleOverview Archive, IReadOnlyList<CrmObject>? Lacking);

/// <summary>How a tenant's CRM, or archive, stands.</summary>
/// <param name="Connection">What is connected, if anything is.</param>
/// <param name="Active">The credential that it is called with.</param>
/// <param name="Pending">The newest one that waits for a test to succeed, if it is newer than the active one.</param>
public sealed record CrmRoleOverview(CrmConnection? Connection, Credential? Active, Credential? Pending);
