using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Messaging;
using Vorel.Core.Outbox;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Incidents;

/// <summary>
/// Looks through what a tenant's CRM is owed: opens incidents of what is stuck, closes those of what is not any more, and has
/// children taken up again whose parents hold them no longer. Safe to repeat, and to do twice at once.
/// </summary>
public sealed class CrmIncidents(
    IRowStore store, RecordReader records, CrmConnectionService connections, IncidentService incidents, IWorkQueue queue, Clocks clocks)
{
    /// <summary>How many parked children of one type a look has time for; each takes up to five calls. The next look goes on behind them.</summary>
    internal const int MostParked = 300;

    /// <summary>How many todo rows a look reads: it shares the time of a tick with all tenants. What is counted then is of these.</summary>
    internal const int MostRead = 100_000;

    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);

    private readonly MirrorParents _parents = new(store, records, connections, clocks);

    /// <summary>The moment to look again, or null when nothing is stuck and no incident open.</summary>
    internal async Task<DateTimeOffset?> Look(TenantId tenant, CancellationToken cancellationToken)
    {
        var connection = await connections.Find(tenant, cancellationToken);
        var open = new Dictionary<IncidentType, Stored<IncidentRow>>();
        var again = false;
        await foreach (var incident in incidents.ReadOpen(tenant, cancellationToken))
        {
            if (!incident.Row.Type.IsOfCrm())
            {
                continue;
            }

            if (incident.Row.Subject == connection?.Provider)
            {
                open.Add(incident.Row.Type, incident);
            }
            else
            {
                again |= !await incidents.Close(tenant, incident, connection is null ? ClosedBecause.Disconnected : ClosedBecause.Replaced, cancellationToken);
            }
        }

        var now = clocks.Domain.GetUtcNow();
        if (connection is null)
        {
            return again ? now + s_soon : null;
        }

        var (found, whole) = await Read(tenant, connection, open, now, cancellationToken);
        if ((await connections.Find(tenant, cancellationToken))?.Id != connection.Id)
        {
            // Connected anew meanwhile: what was read is half of the one and half of the other.
            return now + s_soon;
        }

        foreach (var (type, one) in found)
        {
            await incidents.Report(
                tenant,
                moment => Stuck.Hint(tenant, moment),
                type,
                connection.Provider,
                row => one.Tally.Over(row) with { ParkedTo = one.GoesOnBehind },
                cancellationToken);
        }

        foreach (var (type, incident) in open.Where(entry => whole && !found.ContainsKey(entry.Key)))
        {
            again |= !await incidents.Close(tenant, incident, ClosedBecause.Resolved, cancellationToken);
        }

        return again || found.Values.Any(one => one.GoesOnBehind is not null) ? now + s_soon : found.Count > 0 || !whole ? Looks.Next(now) : null;
    }

    /// <summary>What is stuck, by type, and whether all that is owed was read.</summary>
    private async Task<(IReadOnlyDictionary<IncidentType, Found> Found, bool Whole)> Read(
        TenantId tenant,
        CrmConnection connection,
        IReadOnlyDictionary<IncidentType, Stored<IncidentRow>> open,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var found = new Dictionary<IncidentType, Found>();
        foreach (var failure in await connections.FindFailures(tenant, cancellationToken))
        {
            // Whether or not the CRM is owed anything: an agent's look-ups fail as well.
            found.TryAdd(IncidentType.CredentialRefreshFailed, new Found(open.GetValueOrDefault(IncidentType.CredentialRefreshFailed)?.Row.ParkedTo));
            found[IncidentType.CredentialRefreshFailed].Tally.Add(failure);
        }

        var holds = new Dictionary<string, bool>(StringComparer.Ordinal);
        var read = 0;
        await foreach (var (row, _) in store.Query<TodoRow>(Partition.Of(tenant), RowRange.Prefix(RecordKeys.Todos), cancellationToken))
        {
            if (read++ == MostRead)
            {
                return (found, false);
            }

            if (!Stuck.Is(row, connection, now))
            {
                continue;
            }

            var type = IncidentTypes.OfError(row.Error);
            if (!found.TryGetValue(type, out var one))
            {
                found.Add(type, one = new Found(open.GetValueOrDefault(type)?.Row.ParkedTo));
            }

            one.Tally.Add(row);
            if (row.Behind is { } parent && one.HasTimeFor(row))
            {
                if (!holds.TryGetValue(parent, out var held))
                {
                    holds.Add(parent, held = await _parents.Holds(tenant, parent, cancellationToken));
                }

                if (!held && RecordKinds.Find(row.Kind) is { } kind)
                {
                    // The check takes it up again: as a message it comes until that is done.
                    await queue.Put(WorkQueues.Live, new WorkMessage.Check(tenant, kind, row.Record).ToJson(), TimeSpan.Zero, cancellationToken);
                }
            }
        }

        return (found, true);
    }

    /// <summary>What a look finds of one type.</summary>
    private sealed class Found(string? lookedTo)
    {
        private int _looked;
        private string? _last;
        private bool _isShort;

        public StuckTally Tally { get; } = new();

        /// <summary>The row behind which the next look goes on; null when this one had time for all that it came to.</summary>
        public string? GoesOnBehind => _isShort ? _last : null;

        public bool HasTimeFor(TodoRow parked)
        {
            if (string.CompareOrdinal(parked.RowKey, lookedTo) <= 0)
            {
                return false;
            }

            _isShort = _looked == MostParked;
            if (!_isShort)
            {
                (_looked, _last) = (_looked + 1, parked.RowKey);
            }

            return !_isShort;
        }
    }
}
