using Vorel.Core.Alerts;
using Vorel.Core.Ids;
using Vorel.Core.Outbox;
using Vorel.Core.Storage;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Due;

/// <summary>Looks into what is due, once a minute: starts again what should have moved on, removes what has done its work.</summary>
public sealed class Tick(DueHints hints, DeliveryStarter deliveries, Tombstones tombstones, IAlerts alerts)
{
    private const int MaxHints = 500;

    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    /// <summary>Handles what is due at <paramref name="until"/>, oldest first, at most 500 hints.</summary>
    /// <exception cref="StoreUnavailableException">The hints cannot be read.</exception>
    public async Task<TickReport> Run(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var read = await hints.Read(until, MaxHints, cancellationToken);
        var handled = 0;
        var failed = 0;
        foreach (var hint in read.Where(hint => hint.Row.DueAt <= until))
        {
            try
            {
                await Handle(hint, cancellationToken);
                handled++;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One tenant's trouble is not the others': this one comes again, behind theirs.
                alerts.Raise(new Alert(AlertCode.HintFailed, hint.Row.Tenant, hint.Row.Kind));
                await PutBehind(hint, until, cancellationToken);
                failed++;
            }
        }

        return new TickReport(handled, failed, read.Count == MaxHints && handled > 0);
    }

    private async Task PutBehind(DueHint hint, DateTimeOffset until, CancellationToken cancellationToken)
    {
        try
        {
            await hints.Postpone(hint, until + s_pause, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Then it stays where it is.
        }
    }

    private async Task Handle(DueHint hint, CancellationToken cancellationToken)
    {
        var row = hint.Row;
        DateTimeOffset? again;
        switch (row.Kind)
        {
            case DueKind.Delivery when Uuid7.TryParse(row.Id, out var delivery):
                again = await deliveries.Revive(row.Tenant, delivery, cancellationToken);
                break;
            case DueKind.Tombstone:
                again = await tombstones.Remove(row.Tenant, row.Id, cancellationToken);
                break;
            default:
                // Perhaps a newer version's: put off, not lost.
                alerts.Raise(new Alert(AlertCode.UnknownWork, row.Tenant, row.Kind));
                again = row.DueAt + TimeSpan.FromHours(1);
                break;
        }

        if (again is { } moment)
        {
            await hints.Postpone(hint, moment, cancellationToken);
        }
        else
        {
            await hints.Remove(hint, cancellationToken);
        }
    }
}
