namespace Vorel.Core.Crm.Connections;

/// <summary>A tenant's CRM, opened.</summary>
/// <param name="Driver">The driver, with the credentials inside.</param>
/// <param name="Connection">Which connection it was opened from.</param>
public sealed record OpenCrm(ICrmDriver Driver, CrmConnection Connection);
