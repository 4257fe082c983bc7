using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Ids;
using Vorel.Core.Incidents;
using Vorel.Core.Outbox;
using Vorel.Core.Redrives;
using Vorel.Core.Security.Rewraps;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Core.Due;

/// <summary>Looks into what is due, once a minute: starts again what should have moved on, removes what has done its work.</summary>
public sealed class Tick(
    DueHints hints,
    DeliveryStarter deliveries,
    Tombstones tombstones,
    RedriveService redrives,
    RewrapService rewraps,
    CrmIncidents incidents,
    WebhookIncidents webhooks,
    IncidentEvents events,
    AuditSeals seals,
    Clocks clocks,
    IAlerts alerts)
{
    private const int MaxHints = 500;

    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_unknownPause = TimeSpan.FromHours(1);

    // A function that overruns its time limit costs the whole process, so a tick stays far below it; the next one goes on.
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(40);

    /// <summary>Handles what is due at <paramref name="until"/>, oldest first, at most 500 hints and for at most 40 seconds.</summary>
    /// <exception cref="StoreUnavailableException">The hints cannot be read.</exception>
    public async Task<TickReport> Run(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var started = clocks.Real.GetTimestamp();
        var read = await hints.Read(until, MaxHints, cancellationToken);
        var handled = 0;
        var failed = 0;
        foreach (var hint in read.Hints.Where(hint => hint.Row.DueAt <= until))
        {
            if (IsOver())
            {
                return new TickReport(handled, failed, More: false);
            }

            try
            {
                await Handle(hint, until, cancellationToken);
                handled++;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // One tenant's trouble is not the others': this one comes again, behind theirs.
                alerts.Raise(new Alert(AlertCode.HintFailed, hint.Row.Tenant, hint.Row.Kind));
                await TryPutOff(() => hints.Postpone(hint, until + s_pause, cancellationToken), cancellationToken);
                failed++;
            }
        }

        // After the others, because somebody's noise must not take their time.
        foreach (var (partition, row) in read.Unreadable)
        {
            if (IsOver())
            {
                return new TickReport(handled, failed, More: false);
            }

            // Perhaps it is a newer version's: put off, not lost.
            alerts.Raise(Alert.OfUnreadableHint(row.Key));
            await TryPutOff(() => hints.Postpone(partition, row, until + s_unknownPause, cancellationToken), cancellationToken);
            failed++;
        }

        return new TickReport(handled, failed, read.Count == MaxHints && handled > 0);

        bool IsOver() => clocks.Real.GetElapsedTime(started) > s_budget;
    }

    /// <summary>Puts one row off, if it can be: a row may be more than we can write back, and must not keep all tenants from what is due to them.</summary>
    private static async Task TryPutOff(Func<Task> postpone, CancellationToken cancellationToken)
    {
        try
        {
            await postpone();
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It was told; the row stays where it is.
        }
    }

    private async Task Handle(Hint<DueRow> hint, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var row = hint.Row;
        DateTimeOffset? again;
        switch (row.Kind)
        {
            case DueKind.Delivery when Uuid7.TryParse(row.Id, out var delivery):
                again = await deliveries.Revive(row.Tenant, delivery, cancellationToken);
                break;
            case DueKind.Crm when row.Id == Stuck.HintId:
                again = await incidents.Look(row.Tenant, cancellationToken);
                break;
            case DueKind.Subscription when Uuid7.TryParse(row.Id, out var subscription):
                again = await webhooks.Look(row.Tenant, subscription, cancellationToken);
                break;
            case DueKind.Incident when Uuid7.TryParse(row.Id, out var incident):
                again = await events.Publish(row.Tenant, incident, cancellationToken);
                break;
            case DueKind.Tombstone:
                again = await tombstones.Remove(row.Tenant, row.Id, cancellationToken);
                break;
            case DueKind.Rewrap when Uuid7.TryParse(row.Id, out var rewrap):
                again = await rewraps.Revive(rewrap, cancellationToken);
                break;
            case DueKind.Redrive when Uuid7.TryParse(row.Id, out var redrive):
                again = await redrives.Revive(row.Tenant, redrive, row.ComesUntil, cancellationToken);
                break;
            case DueKind.Audit:
                again = await seals.Run(row.Tenant, cancellationToken);
                break;
            default:
                // Perhaps a newer version's: put off, not lost.
                alerts.Raise(new Alert(AlertCode.UnknownWork, row.Tenant, row.Kind));
                again = until + s_unknownPause;
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
