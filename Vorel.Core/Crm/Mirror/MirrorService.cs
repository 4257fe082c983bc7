using Vorel.Core.Alerts;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// Writes one record to the tenant's CRM: at most one write a call. Safe to repeat: the key of a write is the record's (and
/// its version's), and what is owed is what the todo rows say.
/// </summary>
public sealed class MirrorService(IRowStore store, RecordReader records, CrmConnectionService connections, Clocks clocks, IAlerts alerts)
{
    /// <summary>How soon to look again whether a parent has reached the CRM.</summary>
    private static readonly TimeSpan s_parentWait = TimeSpan.FromSeconds(1);

    private readonly MirrorStamp _stamp = new(store, records, clocks);

    /// <summary>Writes the current version of a record if the CRM is owed one.</summary>
    /// <exception cref="StoreUnavailableException">What happened cannot be recorded now; call again.</exception>
    public async Task<MirrorStep> Mirror(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        // What is owed is read first: a row that commits after this belongs to a version that the record may not show yet.
        var todos = await _stamp.ReadTodos(tenant, kind, id, cancellationToken);
        if (todos is not [.., { Row.FailedAt: null } newest])
        {
            return new MirrorStep.Done();
        }

        if (newest.Row.NotBefore is { } notBefore && notBefore > clocks.Domain.GetUtcNow())
        {
            return new MirrorStep.Retry(notBefore - clocks.Domain.GetUtcNow());
        }

        if (await records.FindStored(tenant, kind, id, cancellationToken) is not { Row: var record })
        {
            await _stamp.Forget(tenant, todos, cancellationToken);
            return new MirrorStep.Done();
        }

        try
        {
            return await connections.Open(tenant, cancellationToken) is { } driver
                ? await Write(tenant, record, driver, cancellationToken)
                : new MirrorStep.Done();
        }
        catch (CrmException exception)
        {
            return await Failed(tenant, newest, exception, cancellationToken);
        }
    }

    private static Task<CrmReference> Write(RecordRow record, ICrmDriver driver, CancellationToken cancellationToken) => record.Sync is { } sync
        ? driver.UpdateRecord(record.Kind.CrmObject, sync.ExternalId, MirrorFields.ForUpdate(record), $"{record.Id:D}:{record.Version}", record.Version, cancellationToken)
        : driver.CreateRecord(record.Kind.CrmObject, MirrorFields.ForCreate(record), record.Id.ToString("D"), cancellationToken);

    private async Task<MirrorStep> Write(TenantId tenant, RecordRow record, ICrmDriver driver, CancellationToken cancellationToken)
    {
        if (!driver.Capabilities.Objects.Contains(record.Kind.CrmObject))
        {
            throw new CrmException(CrmErrorCode.Unsupported, "The CRM cannot hold this kind of record.", retryable: false);
        }

        if (await WaitsForParent(tenant, record, cancellationToken))
        {
            return new MirrorStep.Retry(s_parentWait);
        }

        var reference = await Write(record, driver, cancellationToken);
        Failpoints.Reach("after-crm-write");
        return await _stamp.Record(tenant, record, reference, cancellationToken) ? new MirrorStep.Done() : new MirrorStep.Again();
    }

    /// <summary>A child is written after its parent, so that the CRM can tie them together; a parent that is gone was there before.</summary>
    private async Task<bool> WaitsForParent(TenantId tenant, RecordRow record, CancellationToken cancellationToken)
    {
        foreach (var field in record.Kind.Fields.Where(field => field.Refers is not null))
        {
            if (record.Values.GetValueOrDefault(field.Name) is Guid parent
                && await records.FindStored(tenant, RecordKinds.Find(field.Refers)!, parent, cancellationToken) is { Row.Sync: null })
            {
                return true;
            }
        }

        return false;
    }

    private async Task<MirrorStep> Failed(TenantId tenant, Stored<TodoRow> todo, CrmException exception, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        var attempts = todo.Row.Attempts + 1;
        var delay = MirrorBackoff.After(attempts, exception.RetryAfter);
        var row = todo.Row with { Attempts = attempts, Error = exception.Code.Wire() };
        row = exception.Retryable ? row with { NotBefore = now + delay } : row with { FailedAt = now };

        // Not recorded: a concurrent write was stamped or is failing too, and says what is next.
        var recorded = await store.TryReplace(TodoRow.Table, Partition.Of(tenant), todo with { Row = row }, cancellationToken);
        if (exception.Retryable || !recorded)
        {
            return new MirrorStep.Retry(delay);
        }

        alerts.Raise(new Alert(AlertCode.MirrorFailed, tenant, $"{row.Kind}:{row.Record:D}"));
        return new MirrorStep.Done();
    }
}
