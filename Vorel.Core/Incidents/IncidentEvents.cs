using Vorel.Core.Alerts;
using Vorel.Core.Due;
using Vorel.Core.Integration;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Incidents;

/// <summary>
/// Tells the operator's own systems that incidents open and close, in this order, each at least once. A hint of each incident is filed before
/// it is there and comes back until both are out; who dies in between publishes again, the same bytes under the same id.
/// Where nobody is to be told, nothing is filed and nothing kept.
/// </summary>
/// <remarks>
/// Only the tick publishes: a try that fails takes up to 20 s, which nobody else has. After one that failed this process rests, so that
/// a service that is away costs one try in five minutes however many incidents wait.
/// </remarks>
public sealed class IncidentEvents(IRowStore store, IIntegrationEvents events, DueHints hints, Clocks clocks, IAlerts alerts)
{
    private const int MaxTries = 5;

    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);

    // Shorter than the five minutes after which hints come back.
    private static readonly TimeSpan s_rest = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_betweenAlerts = TimeSpan.FromHours(1);

    private readonly IncidentReader _incidents = new(store);
    private readonly Lock _gate = new();
    private long? _refusedAt;
    private long? _alertedAt;

    /// <summary>A new incident with what its event will say, which must be the same at every repeat.</summary>
    internal IncidentRow Keep(IncidentRow begun) => events.IsConfigured ? begun with { OpenedError = begun.FirstError } : begun;

    /// <summary>Opens or closes an incident, with a hint on file before that has its events published.</summary>
    internal Task<bool> Around(TenantId tenant, IncidentRow incident, Func<Task<bool>> change, CancellationToken cancellationToken) => events.IsConfigured
        ? hints.FileAround(now => new DueRow(tenant, DueKind.Incident, incident.Id.ToString("D"), now + s_soon), clocks.Domain, change, cancellationToken)
        : change();

    /// <summary>Files the hint of an open incident again whose event is not out: it may have been used up before the incident was there.</summary>
    internal Task FileUnlessPublished(TenantId tenant, IncidentRow open, CancellationToken cancellationToken) => events.IsConfigured && open.OpenedPublishedAt is null
        ? hints.File(new DueRow(tenant, DueKind.Incident, open.Id.ToString("D"), Looks.Next(clocks.Domain.GetUtcNow())), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Publishes what is not out yet of an incident. The moment to come again, or null when there is nothing more to tell of it.</summary>
    internal async Task<DateTimeOffset?> Publish(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        if (!events.IsConfigured)
        {
            return null;
        }

        if (IsResting())
        {
            return Looks.Next(clocks.Domain.GetUtcNow());
        }

        var row = (await _incidents.Find(tenant, id, cancellationToken))?.Row;
        if (row is { OpenedPublishedAt: null } && await TryPublish(Opened(tenant, row), cancellationToken))
        {
            row = await Mark(tenant, id, known => known with { OpenedPublishedAt = clocks.Domain.GetUtcNow() }, cancellationToken);
        }

        if (row is { OpenedPublishedAt: not null, ClosedAt: { } closedAt, ClosedPublishedAt: null } && await TryPublish(Closed(tenant, row, closedAt), cancellationToken))
        {
            row = await Mark(tenant, id, known => known with { ClosedPublishedAt = clocks.Domain.GetUtcNow() }, cancellationToken);
        }

        // While it is open the hint stays: it is the one that whoever closes the incident can die on.
        return row is null or { ClosedPublishedAt: not null } ? null : Looks.Next(clocks.Domain.GetUtcNow());
    }

    private static IntegrationEvent Opened(TenantId tenant, IncidentRow row) =>
        new($"{row.Id:D}:opened", IntegrationEventTypes.IncidentOpened, tenant, row.Id.ToString("D"), row.OpenedAt) { Codes = Codes(row, row.OpenedError) };

    private static IntegrationEvent Closed(TenantId tenant, IncidentRow row, DateTimeOffset closedAt) =>
        new($"{row.Id:D}:closed", IntegrationEventTypes.IncidentClosed, tenant, row.Id.ToString("D"), closedAt)
        {
            Codes = Codes(row, row.FirstError, ("closed_because", row.Because)),
        };

    private static Dictionary<string, string> Codes(IncidentRow row, string? error, params (string Name, string? Code)[] more) =>
        new List<(string Name, string? Code)> { ("incident_type", row.Type.Wire()), ("incident_subject", row.Subject), ("first_error", error) }
            .Concat(more)
            .Where(part => part.Code is not null)
            .ToDictionary(part => part.Name, part => part.Code!, StringComparer.Ordinal);

    private async Task<bool> TryPublish(IntegrationEvent integrationEvent, CancellationToken cancellationToken)
    {
        try
        {
            await events.Publish(integrationEvent, cancellationToken);
        }
        catch (EventNotPublishedException refusal)
        {
            Count(integrationEvent, "refused");
            Refused(integrationEvent, refusal);
            return false;
        }

        Count(integrationEvent, "published");
        return true;
    }

    private static void Count(IntegrationEvent integrationEvent, string outcome) => Metrics.IntegrationEvents.Add(
        1, new KeyValuePair<string, object?>("type", integrationEvent.Type), new KeyValuePair<string, object?>("outcome", outcome));

    private void Refused(IntegrationEvent integrationEvent, EventNotPublishedException refusal)
    {
        lock (_gate)
        {
            _refusedAt = clocks.Real.GetTimestamp();
            if (_alertedAt is { } alerted && clocks.Real.GetElapsedTime(alerted) < s_betweenAlerts)
            {
                return;
            }

            _alertedAt = _refusedAt;
        }

        alerts.Raise(new Alert(AlertCode.EventsNotPublished, integrationEvent.Tenant, integrationEvent.Id, refusal.Cause));
    }

    private bool IsResting()
    {
        lock (_gate)
        {
            return _refusedAt is { } refused && clocks.Real.GetElapsedTime(refused) < s_rest;
        }
    }

    /// <summary>Keeps that an event is out, wherever the incident is by now. The row as it is then, or null when it is gone.</summary>
    private async Task<IncidentRow?> Mark(TenantId tenant, Guid id, Func<IncidentRow, IncidentRow> mark, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await _incidents.Find(tenant, id, cancellationToken) is not { } stored)
            {
                return null;
            }

            var marked = mark(stored.Row);
            if (await store.TryReplace(IncidentRow.Table, Partition.Of(tenant), stored with { Row = marked }, cancellationToken))
            {
                return marked;
            }
        }

        throw new StoreUnavailableException("An incident is being changed by others again and again.");
    }
}
