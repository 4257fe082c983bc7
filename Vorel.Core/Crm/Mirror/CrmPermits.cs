using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>How many records of one tenant a process writes to the CRM at once, so that one slow CRM does not hold up other tenants.</summary>
public sealed class CrmPermits
{
    private readonly Permits<TenantId> _tenants = new(16);

    /// <summary>A permit, given back when disposed; null when there is none now.</summary>
    internal IDisposable? TryTake(TenantId tenant) => _tenants.TryTake(tenant);
}
