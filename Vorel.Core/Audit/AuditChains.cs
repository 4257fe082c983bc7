using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>
/// The ends of the chains that this process can go on with. Who appends takes one out and puts its new end back, so that none is gone on with twice;
/// who finds none begins a chain. Nobody waits for anybody. Those of tenants that have been quiet are let go, so that memory stays bounded.
/// </summary>
/// <param name="most">How many tenants are remembered at least; at most twice as many.</param>
internal sealed class AuditChains(int most)
{
    /// <summary>How many chains of a tenant are kept to go on with: as many as ordinary use appends to at the same moment.</summary>
    private const int MostIdle = 4;

    private readonly Lock _gate = new();
    private Dictionary<TenantId, Stack<AuditHead>> _recent = [];
    private Dictionary<TenantId, Stack<AuditHead>> _before = [];

    /// <summary>Takes out an end of the tenant's; null if there is none, or all are being gone on with.</summary>
    public AuditHead? Take(TenantId tenant)
    {
        lock (_gate)
        {
            return Of(tenant).TryPop(out var head) ? head : null;
        }
    }

    /// <summary>Puts an end in, once it is known that it is written.</summary>
    public void Put(TenantId tenant, AuditHead head)
    {
        lock (_gate)
        {
            if (Of(tenant) is { Count: < MostIdle } idle)
            {
                idle.Push(head);
            }
        }
    }

    private Stack<AuditHead> Of(TenantId tenant)
    {
        if (!_recent.TryGetValue(tenant, out var idle))
        {
            idle = _before.GetValueOrDefault(tenant) ?? new Stack<AuditHead>();
            if (_recent.Count >= most)
            {
                (_before, _recent) = (_recent, []);
            }

            _recent.Add(tenant, idle);
        }

        return idle;
    }
}
