using Vorel.Core.Crm.Connections;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Sees to it that children come after their parents.</summary>
internal sealed class MirrorParents(IRowStore store, RecordReader records, CrmConnectionService connections, Clocks clocks)
{
    /// <summary>How soon to look again whether a parent has reached the CRM.</summary>
    private static readonly TimeSpan s_parentWait = TimeSpan.FromSeconds(1);

    private readonly MirrorStamp _stamp = new(store, records, connections, clocks);

    /// <summary>
    /// A child is written after its parent, so that the CRM can tie them together: how long to wait for one that is still on
    /// its way, as long as that one waits itself. A parent that is gone was there before; one that the CRM does not take
    /// holds nothing up.
    /// </summary>
    public async Task<TimeSpan?> Wait(TenantId tenant, RecordRow record, OpenCrm crm, CancellationToken cancellationToken)
    {
        foreach (var field in record.Kind.Fields.Where(field => field.Refers is not null))
        {
            var kind = RecordKinds.Target(field);
            if (kind.CrmObject is { } crmObject
                && record.Values.GetValueOrDefault(field.Name) is Guid parent
                && await records.FindStored(tenant, kind, parent, cancellationToken) is { Row: var found }
                && !crm.HoldsParent(found.Sync, crmObject)
                && await _stamp.ReadTodos(tenant, kind, parent, cancellationToken) is [.., { Row: { FailedAt: null } owed }])
            {
                var wait = owed.NotBefore - clocks.Domain.GetUtcNow();
                return wait > s_parentWait ? wait : s_parentWait;
            }
        }

        return null;
    }
}
