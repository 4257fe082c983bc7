using Vorel.Core.Alerts;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Outbox;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.Mirror;

/// <summary>Keeps how a write to a CRM failed, and says what is next.</summary>
internal sealed class MirrorFailures(IRowStore store, CrmConnectionService connections, CrmPermits permits, Clocks clocks, IAlerts alerts)
{
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
        row = retryable ? row with { NotBefore = now + delay } : row with { FailedAt = now };

        // Not recorded: a concurrent write was stamped or is failing too, and says what is next.
        var recorded = await store.TryReplace(TodoRow.Table, Partition.Of(tenant), todo with { Row = row }, cancellationToken);
        if (retryable || !recorded)
        {
            return new MirrorStep.Retry(delay);
        }

        alerts.Raise(new Alert(AlertCode.MirrorFailed, tenant, $"{row.Kind}:{row.Record:D}", row.Error));
        return new MirrorStep.Done();
    }
}
