using Vorel.Core.Crm.Connections;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Sees to it that children come after their parents, so that the CRM can tie them together.</summary>
internal sealed class MirrorParents(IRowStore store, RecordReader records, CrmConnectionService connections, Clocks clocks)
{
    private readonly MirrorStamp _stamp = new(store, records, connections, clocks);

    /// <summary>
    /// What is owed of a parent that is not yet where it goes: one on its way, or one that failed for good. Null when
    /// nothing is in the child's way. A parent that is gone was there before; one that the CRM will never hold holds nothing up.
    /// </summary>
    public Task<TodoRow?> InTheWay(TenantId tenant, RecordRow record, OpenCrm crm, CancellationToken cancellationToken) =>
        InTheWay(tenant, record, (sync, parent) => Task.FromResult(crm.HoldsParent(sync, parent)), cancellationToken);

    /// <summary>The same, as far as it can be told without opening anything, for a record of which only the name is at hand.</summary>
    public async Task<TodoRow?> InTheWay(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        if (kind.InOrder)
        {
            // What goes in order is filed under its parent's id.
            var parent = RecordKinds.Target(kind.Fields.First(field => field.Refers is not null));
            return await Owed(tenant, parent, id, (sync, _) => IsWritten(tenant, sync, cancellationToken), cancellationToken);
        }

        return await records.FindStored(tenant, kind, id, cancellationToken) is { } stored
            ? await InTheWay(tenant, stored.Row, (sync, _) => IsWritten(tenant, sync, cancellationToken), cancellationToken)
            : null;
    }

    /// <summary>
    /// Whether a parent, by its name of <c>kind:id</c>, has failed for good, so that its children stay parked. It is asked without
    /// opening anything; a connection that changed since has taken up the children anyway.
    /// </summary>
    public async Task<bool> Holds(TenantId tenant, string parent, CancellationToken cancellationToken) =>
        RecordNames.Parse(parent) is ({ } kind, var id)
        && await Owed(tenant, kind, id, (sync, _) => IsWritten(tenant, sync, cancellationToken), cancellationToken) is { FailedAt: not null };

    /// <summary>The records that one belongs to, as far as the system that it goes to holds them.</summary>
    public async Task<IReadOnlyList<CrmParent>> Of(TenantId tenant, RecordRow record, OpenCrm crm, CancellationToken cancellationToken)
    {
        var parents = new List<CrmParent>();
        foreach (var field in record.Kind.Fields.Where(field => field.Refers is not null))
        {
            if (record.Values.GetValueOrDefault(field.Name) is Guid parent
                && RecordKinds.Target(field) is { CrmObject: { } crmObject } kind
                && await records.FindStored(tenant, kind, parent, cancellationToken) is { Row.Sync: { } sync }
                && crm.Holds(sync))
            {
                parents.Add(new CrmParent(crmObject, sync.ExternalId));
            }
        }

        return parents;
    }

    private async Task<TodoRow?> InTheWay(
        TenantId tenant, RecordRow record, Func<RecordSync?, CrmObject, Task<bool>> isThere, CancellationToken cancellationToken)
    {
        foreach (var field in record.Kind.Fields.Where(field => field.Refers is not null))
        {
            if (record.Values.GetValueOrDefault(field.Name) is Guid parent
                && await Owed(tenant, RecordKinds.Target(field), parent, isThere, cancellationToken) is { } owed)
            {
                return owed;
            }
        }

        return null;
    }

    private async Task<TodoRow?> Owed(
        TenantId tenant, RecordKind kind, Guid parent, Func<RecordSync?, CrmObject, Task<bool>> isThere, CancellationToken cancellationToken) =>
        kind.CrmObject is { } crmObject
        && await records.FindStored(tenant, kind, parent, cancellationToken) is { Row: var found }
        && !await isThere(found.Sync, crmObject)
        && await _stamp.ReadCurrentTodo(tenant, kind, parent, cancellationToken) is { Row: var owed }
        && (owed.FailedAt is null || owed.Error != CrmErrorCode.Unsupported.Wire())
            ? owed
            : null;

    private async Task<bool> IsWritten(TenantId tenant, RecordSync? sync, CancellationToken cancellationToken) => sync is not null
        && ((await connections.Find(tenant, CrmRole.Main, cancellationToken))?.System == sync.System
            || (await connections.Find(tenant, CrmRole.Archive, cancellationToken))?.System == sync.System);
}
