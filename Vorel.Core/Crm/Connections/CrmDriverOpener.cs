using System.Text.Json;

namespace Vorel.Core.Crm.Connections;

/// <summary>Makes the driver of a provider from opened credentials. They must not be kept beyond the driver's life.</summary>
/// <param name="provider">The provider's slug.</param>
/// <param name="credentials">What was entered or granted when the CRM was connected; only valid during the call.</param>
/// <exception cref="CrmException">The provider is unknown or the credentials are not of its form.</exception>
public delegate ICrmDriver CrmDriverOpener(string provider, JsonElement credentials);
