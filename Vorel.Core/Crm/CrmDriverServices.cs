using Vorel.Core.Crm.Http;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Crm;

/// <summary>What every driver is made with.</summary>
/// <param name="Guard">Checks the hosts that tenants name.</param>
/// <param name="Http">The way out, through the guard. Shared by all drivers: it keeps connections per host and nothing of a tenant.</param>
/// <param name="Origins">Where the providers' own addresses are found.</param>
/// <param name="Lines">What calls of one account share.</param>
/// <param name="RealTime">The real clock, for time limits.</param>
internal sealed record CrmDriverServices(EgressGuard Guard, HttpMessageInvoker Http, ProviderOrigins Origins, CrmLines Lines, TimeProvider RealTime);
