using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>Writes down what was done with a tenant's data, in the order in which it was done.</summary>
public sealed class AuditLog(IRowStore store, IdSource ids)
{
    /// <summary>
    /// Writes an event down. What changes somebody's rights or settings is written down before it takes effect, so that nothing takes effect
    /// without a trace; what then comes to nothing leaves a trace as well.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store does not answer: do not go on. The row may be there; who tries again leaves two that say the same.</exception>
    public Task Append(TenantId tenant, AuditEvent happened, CancellationToken cancellationToken) => Append(tenant, [happened], cancellationToken);

    /// <summary>Writes several events down, 1 to 100, all or none.</summary>
    internal Task Append(TenantId tenant, IReadOnlyList<AuditEvent> happened, CancellationToken cancellationToken) =>
        store.Commit(AuditRow.Table, Partition.Of(tenant), [.. happened.Select(one => TypedRows.Insert(AuditRow.Of(ids.Next(), one)))], cancellationToken);
}
