using Vorel.Core.Crm.Connections;
using Vorel.Core.Due;
using Vorel.Core.Incidents;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Keeps how a write to a CRM failed, and says what is next.</summary>
internal sealed class MirrorFailures(IRowStore store, CrmConnectionService connections, CrmPermits permits, DueHints hints, Clocks clocks)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Records a failure on the todo row of what was written.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="todo">As it was when the write began.</param>
    /// <param name="exception">How the write failed.</param>
    /// <param name="used">What it went over; null when nothing was opened.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<MirrorStep> Record(
        TenantId tenant, Stored<TodoRow> todo, CrmException exception, OpenCrm? used, CancellationToken cancellationToken)
    {
        // What a connection refused that was replaced or removed meanwhile says nothing about the next one.
        var retryable = exception.Retryable || (used is not null && await connections.IsReplaced(tenant, used, cancellationToken));
        var now = clocks.Domain.GetUtcNow();

        // Too many calls are the tenant's, not this record's fault: its own back-off does not grow by that.
        var limited = exception.Code == CrmErrorCode.RateLimited;
        var attempts = todo.Row.Attempts + (limited ? 0 : 1);
        var delay = limited ? MirrorBackoff.AfterLimit(exception.RetryAfter, permits.Jitter()) : MirrorBackoff.After(attempts, exception.RetryAfter);
        var row = todo.Row with { Attempts = attempts, Error = exception.Code.Wire() };
        row = retryable ? row with { NotBefore = now + delay, Escalated = used is not null && Stuck.IsOld(row, used.Main, now) } : row with { FailedAt = now };

        // Not recorded: a concurrent write was stamped or is failing too, and says what is next.
        return await Write(tenant, todo, row, cancellationToken) && !retryable ? new MirrorStep.Done() : new MirrorStep.Retry(delay);
    }

    /// <summary>
    /// Parks a child behind a parent that failed for good: nothing was tried and nothing will be, until the parent no longer
    /// stands in its way. That may be so already; whoever looks through what is stuck finds out.
    /// </summary>
    public async Task<MirrorStep> Park(TenantId tenant, Stored<TodoRow> todo, TodoRow parent, CancellationToken cancellationToken)
    {
        var parked = todo.Row with { FailedAt = clocks.Domain.GetUtcNow(), Error = parent.Error, Behind = RecordNames.Of(parent.Kind, parent.Record) };
        return await Write(tenant, todo, parked, cancellationToken) ? new MirrorStep.Done() : new MirrorStep.Retry(s_soon);
    }

    /// <summary>Writes the row as it is now; what makes it stuck is told first, by a hint.</summary>
    private Task<bool> Write(TenantId tenant, Stored<TodoRow> before, TodoRow after, CancellationToken cancellationToken)
    {
        Task<bool> Replace() => store.TryReplace(TodoRow.Table, Partition.Of(tenant), before with { Row = after }, cancellationToken);
        return after.FailedAt is not null || (after.Escalated && !before.Row.Escalated)
            ? hints.FileAround(moment => Stuck.Hint(tenant, moment), clocks.Domain, Replace, cancellationToken)
            : Replace();
    }
}
