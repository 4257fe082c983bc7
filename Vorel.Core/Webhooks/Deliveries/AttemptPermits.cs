using Vorel.Core.Tenants;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>
/// How many attempts a process makes at once: to one subscription, so that one slow receiver does not hold up the tenant's
/// others, and for one tenant, so that a tenant with many slow receivers does not hold up other tenants. The host gives a
/// process 64 activities at once.
/// </summary>
public sealed class AttemptPermits
{
    private readonly Permits<Guid> _subscriptions = new(8);
    private readonly Permits<TenantId> _tenants = new(24);

    /// <summary>A permit, given back when disposed; null when there is none now.</summary>
    internal IDisposable? TryTake(TenantId tenant, Guid subscription)
    {
        if (_tenants.TryTake(tenant) is not { } forTenant)
        {
            return null;
        }

        if (_subscriptions.TryTake(subscription) is { } forSubscription)
        {
            return new Both(forTenant, forSubscription);
        }

        forTenant.Dispose();
        return null;
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            second.Dispose();
            first.Dispose();
        }
    }
}
