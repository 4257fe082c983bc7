using Vorel.Core.Retention;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Triggers.Timers;

/// <summary>Deletes, once an hour, what is past its window, and drops the tables of old days and months.</summary>
internal sealed class RetentionSweepFunction(BulkMessages bulk, OldTables tables, ILogger<RetentionSweepFunction> log)
{
    // Side by side: a fault of the one must not keep the other from its turn.
    [Function("RetentionSweep")]
    public Task Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        Task.WhenAll(Sweep(cancellationToken), DropTables(cancellationToken));

    private async Task Sweep(CancellationToken cancellationToken)
    {
        var report = await bulk.Sweep(cancellationToken);
        log.Swept(report.Purged, report.Kept, report.Failed, report.More);
    }

    private async Task DropTables(CancellationToken cancellationToken)
    {
        if (await tables.Drop(cancellationToken) is > 0 and var dropped)
        {
            log.TablesDropped(dropped);
        }
    }
}
