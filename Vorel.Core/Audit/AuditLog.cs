using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Audit;

/// <summary>Writes down what was done with a tenant's data, in the order in which it was done.</summary>
public sealed class AuditLog(IRowStore store, IdSource ids)
{
    /// <summary>Adds a row. If the store does not answer, the row may be there: its writer tries again, and two rows then say the same.</summary>
    internal Task Append(TenantId tenant, string action, Guid? subject, IReadOnlyDictionary<string, long> counts, CancellationToken cancellationToken) =>
        store.Commit(AuditRow.Table, Partition.Of(tenant), TypedRows.Insert(new AuditRow(ids.Next(), action, counts) { Subject = subject }), cancellationToken);
}
