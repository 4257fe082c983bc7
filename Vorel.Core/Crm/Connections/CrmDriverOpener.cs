namespace Vorel.Core.Crm.Connections;

/// <summary>Makes the driver of a connection from its opened credentials. Calls nobody.</summary>
/// <exception cref="CrmException">The provider is unknown or the credentials are not of its form.</exception>
public delegate ICrmDriver CrmDriverOpener(CrmDriverContext context);
