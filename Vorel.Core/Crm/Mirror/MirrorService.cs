using Vorel.Core.Crm.Connections;
using Vorel.Core.Due;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>
/// Writes one record, or one batch of messages, to the tenant's CRM: at most one write a call. Safe to repeat: the key of a write is the record's (and
/// its version's), and what is owed is what the todo rows say.
/// </summary>
public sealed class MirrorService(
    IRowStore store, RecordReader records, CrmConnectionService connections, CrmPermits permits, DueHints hints, Clocks clocks)
{
    /// <summary>How soon to look again, at the soonest, whether a parent has reached the CRM.</summary>
    private static readonly TimeSpan s_parentWait = TimeSpan.FromSeconds(1);

    private readonly MirrorStamp _stamp = new(store, records, connections, clocks);
    private readonly TranscriptMirror _transcripts = new(store, records, connections, clocks);
    private readonly MirrorParents _parents = new(store, records, connections, clocks);
    private readonly MirrorFailures _failures = new(store, connections, permits, hints, clocks);

    /// <summary>Writes the current version of a record, or the next batch of a conversation's messages, if the CRM is owed one.</summary>
    /// <exception cref="StoreUnavailableException">What happened cannot be recorded now; call again.</exception>
    public async Task<MirrorStep> Mirror(TenantId tenant, RecordKind kind, Guid id, CancellationToken cancellationToken)
    {
        if (kind.CrmObject is not { } crmObject)
        {
            return new MirrorStep.Done();
        }

        // Before anything is read: with a slow CRM and a long backlog, most calls end here.
        using var permit = permits.Take(tenant, crmObject);
        if (permit.Refused is { } turn)
        {
            return new MirrorStep.Retry(turn, Busy: true);
        }

        // What is owed is read first: a row that commits after this belongs to a version that the record may not show yet.
        var todos = await _stamp.ReadTodos(tenant, kind, id, cancellationToken, kind.InOrder ? 1 : int.MaxValue);
        if (todos is not [.., { Row.FailedAt: null } owed])
        {
            return new MirrorStep.Done();
        }

        if (owed.Row.NotBefore is { } notBefore && notBefore > clocks.Domain.GetUtcNow())
        {
            return new MirrorStep.Retry(notBefore - clocks.Domain.GetUtcNow());
        }

        if (kind.InOrder)
        {
            return await _transcripts.Next(tenant, owed, cancellationToken) is { } batch
                ? await Attempt(
                    tenant,
                    permit,
                    batch.Debt,
                    batch.Messages[0],
                    crm => Create(tenant, batch.Messages[0], crm, MirrorFields.ForBatch(batch), batch.Key, cancellationToken),
                    (crm, reference) => _transcripts.Record(tenant, batch, crm, reference, cancellationToken),
                    cancellationToken)
                : new MirrorStep.Again();
        }

        if (await records.FindStored(tenant, kind, id, cancellationToken) is not { Row: var record })
        {
            await _stamp.Forget(tenant, todos, cancellationToken);
            return new MirrorStep.Done();
        }

        return await Attempt(
            tenant,
            permit,
            owed,
            record,
            crm => Write(tenant, record, crm, cancellationToken),
            (crm, reference) => _stamp.Record(tenant, record, ProvenBy(record, crm), crm, reference, cancellationToken),
            cancellationToken);
    }

    /// <summary>One write and its record in our store, unless something is in the way of it.</summary>
    private async Task<MirrorStep> Attempt(
        TenantId tenant,
        CrmPermit permit,
        Stored<TodoRow> owed,
        RecordRow record,
        Func<OpenCrm, Task<CrmReference>> write,
        Func<OpenCrm, CrmReference, Task<bool>> stamp,
        CancellationToken cancellationToken)
    {
        OpenCrm? used = null;
        try
        {
            if (await connections.Open(tenant, record.Kind.CrmObject!.Value, cancellationToken) is not { } crm)
            {
                return new MirrorStep.Done();
            }

            used = crm;
            if (!crm.Driver.Capabilities.Objects.Contains(record.Kind.CrmObject!.Value))
            {
                throw new CrmException(CrmErrorCode.Unsupported, "The CRM cannot hold this kind of record.", retryable: false);
            }

            if (permit.GoTo(crm.Connection.System) is { } wait)
            {
                return new MirrorStep.Retry(wait, Busy: true);
            }

            if (await _parents.InTheWay(tenant, record, crm, cancellationToken) is { } parent)
            {
                return parent.FailedAt is null ? WaitFor(parent, permit) : await _failures.Park(tenant, owed, parent, cancellationToken);
            }

            if (await permit.Turn(crm.Driver.Capabilities.Rate, cancellationToken) is { } turn)
            {
                return new MirrorStep.Retry(turn, Busy: true);
            }

            // Last of all: whoever stood still since the debt was read may find it paid, and another system, which is owed nothing, in the CRM's place.
            if (await store.Get<TodoRow>(Partition.Of(tenant), owed.Row.RowKey, cancellationToken) is null)
            {
                return new MirrorStep.Again();
            }

            var reference = await write(crm);
            Failpoints.Reach("after-crm-write");
            return await stamp(crm, reference) ? new MirrorStep.Done() : new MirrorStep.Again();
        }
        catch (CrmException exception)
        {
            permit.Failed(exception);
            return await _failures.Record(tenant, owed, exception, used, cancellationToken);
        }
    }

    private Task<CrmReference> Write(TenantId tenant, RecordRow record, OpenCrm crm, CancellationToken cancellationToken) => crm.Holds(record.Sync)
        ? crm.Driver.UpdateRecord(
            record.Kind.CrmObject!.Value,
            record.Sync!.ExternalId,
            MirrorFields.ForUpdate(record),
            $"{record.Id:D}:{record.Version}",
            record.Version,
            cancellationToken)
        : Create(tenant, record, crm, MirrorFields.ForCreate(record), record.Id.ToString("D"), cancellationToken);

    private async Task<CrmReference> Create(TenantId tenant, RecordRow record, OpenCrm crm, CrmFields fields, string key, CancellationToken cancellationToken)
    {
        var parents = await _parents.Of(tenant, record, crm, cancellationToken);
        return await crm.Driver.CreateRecord(record.Kind.CrmObject!.Value, fields with { Parents = parents }, key, cancellationToken);
    }

    // A create whose answer was lost is answered from what it made then, whatever this one says. So all that a create
    // proves is the first version, whatever another system holds; a record that has changed since gets an update on top.
    private static long ProvenBy(RecordRow record, OpenCrm crm) => crm.Holds(record.Sync) ? record.Version : 1;

    /// <summary>As long as the parent waits itself: for its next try or, perhaps, for its turn, before which there is no use in asking either.</summary>
    private MirrorStep.Retry WaitFor(TodoRow parent, CrmPermit permit)
    {
        var wait = parent.NotBefore - clocks.Domain.GetUtcNow();
        var longest = wait > s_parentWait ? wait.Value : s_parentWait;
        var queue = permit.Behind();
        return queue > longest ? new MirrorStep.Retry(queue, Busy: true) : new MirrorStep.Retry(longest);
    }
}
