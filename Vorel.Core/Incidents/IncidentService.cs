using Vorel.Core.Alerts;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Retention;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Incidents;

/// <summary>Opens, brings up to date and closes incidents. All of it is safe to repeat and to do twice at once.</summary>
public sealed class IncidentService(IRowStore store, DueHints hints, IncidentEvents events, IdSource ids, Clocks clocks, IAlerts alerts)
{
    private const int MaxTries = 5;

    private readonly PurgeHints _purges = new(store);

    /// <summary>How long whoever opened an incident has to tell of it before another look does.</summary>
    private static readonly TimeSpan s_tellersTime = TimeSpan.FromMinutes(1);

    /// <summary>The open incidents of a tenant: no more than it has types and subjects.</summary>
    internal IAsyncEnumerable<Stored<IncidentRow>> ReadOpen(TenantId tenant, CancellationToken cancellationToken) =>
        store.Query<IncidentRow>(Partition.Of(tenant), RowRange.Prefix(IncidentRow.OpenPrefix), cancellationToken);

    /// <summary>
    /// Opens the incident unless it is open, and brings it up to date. The hint comes before the row, so that no incident is ever
    /// open without one that looks whether it is over. A report is null when an open incident says all of it.
    /// </summary>
    internal async Task Report(
        TenantId tenant, Func<DateTimeOffset, DueRow> hint, IncidentType type, string subject, Func<IncidentRow, IncidentRow?> report, CancellationToken cancellationToken)
    {
        var now = clocks.Domain.GetUtcNow();
        if (await Find(tenant, type, subject, cancellationToken) is not { } open)
        {
            var begun = new IncidentRow(ids.Next(), type, subject, now) { LookedAt = now };
            var row = events.Keep(report(begun) ?? begun);
            if (await hints.FileAround(
                hint,
                clocks.Domain,
                () => events.Around(tenant, row, () => store.TryInsert(IncidentRow.Table, Partition.Of(tenant), row, cancellationToken), cancellationToken),
                cancellationToken))
            {
                Metrics.IncidentsOpened.Add(1, new KeyValuePair<string, object?>("type", type.Wire()));
                await TellUnlessTold(tenant, row, cancellationToken);
            }

            // Else another look was faster: it knows as much.
            return;
        }

        var known = report(open.Row) is { } changed ? changed with { LookedAt = now } : open.Row;

        // Where this is refused, another look has brought it up to date, or closed it; the next one sees.
        if ((known == open.Row || await store.TryReplace(IncidentRow.Table, Partition.Of(tenant), open with { Row = known }, cancellationToken))
            && (now - known.OpenedAt).Duration() >= s_tellersTime)
        {
            await TellUnlessTold(tenant, known, cancellationToken);
            await events.FileUnlessPublished(tenant, known, cancellationToken);
        }
    }

    /// <summary>Closes an incident as it was read. False when it has changed since: look again.</summary>
    internal async Task<bool> Close(TenantId tenant, Stored<IncidentRow> open, string because, CancellationToken cancellationToken)
    {
        var closed = open.Row with { ClosedAt = clocks.Domain.GetUtcNow(), Because = because, ParkedTo = null };
        await _purges.FileTelemetry(tenant, IncidentRow.Table, closed.RowKey, closed.Over!.Value, cancellationToken);
        try
        {
            await events.Around(tenant, closed, Commit, cancellationToken);
        }
        catch (RowConflictException)
        {
            return false;
        }

        Metrics.IncidentsClosed.Add(
            1, new KeyValuePair<string, object?>("type", closed.Type.Wire()), new KeyValuePair<string, object?>("because", because));
        return true;

        async Task<bool> Commit()
        {
            await store.Commit(IncidentRow.Table, Partition.Of(tenant), [TypedRows.Delete(open), TypedRows.Insert(closed)], cancellationToken);
            return true;
        }
    }

    internal Task<Stored<IncidentRow>?> Find(TenantId tenant, IncidentType type, string subject, CancellationToken cancellationToken) =>
        store.Get<IncidentRow>(Partition.Of(tenant), IncidentRow.OpenKey(type, subject), cancellationToken);

    /// <summary>Tells people, then keeps that they were told: whoever dies in between is made up for by a second alert, not by none.</summary>
    private async Task TellUnlessTold(TenantId tenant, IncidentRow incident, CancellationToken cancellationToken)
    {
        if (incident.AlertedAt is not null)
        {
            return;
        }

        // Whoever stood still for long before it came here has been made up for.
        var stored = await Find(tenant, incident.Type, incident.Subject, cancellationToken);
        if (stored is { Row.AlertedAt: not null } && stored.Row.Id == incident.Id)
        {
            return;
        }

        alerts.Raise(new Alert(AlertCode.IncidentOpened, tenant, incident.Id.ToString("D"), incident.Type.Wire()));
        for (var tries = 0; tries < MaxTries && stored is { Row.AlertedAt: null } open && open.Row.Id == incident.Id; tries++)
        {
            if (await store.TryReplace(
                IncidentRow.Table, Partition.Of(tenant), open with { Row = open.Row with { AlertedAt = clocks.Domain.GetUtcNow() } }, cancellationToken))
            {
                return;
            }

            stored = await Find(tenant, incident.Type, incident.Subject, cancellationToken);
        }
    }
}
