using Vorel.Core.Alerts;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>The incidents: why they are open, and who was told.</summary>
internal sealed class IncidentBook(MirrorStage stage)
{
    private readonly Dictionary<(int Tenant, string Key), Guid> _open = [];
    private readonly Dictionary<Guid, (Flight Opener, List<Flight> Tellers)> _incidents = [];

    public int Open => _open.Count;

    public void Committed(Flight flight, int tenant, IReadOnlyList<RowWrite> writes)
    {
        foreach (var write in writes.Where(write => write.Key.StartsWith("open|", StringComparison.Ordinal)))
        {
            if (write is RowWrite.Insert row)
            {
                var type = (string)row.Columns["type"];
                var now = flight.LatestDomain > stage.Domain.GetUtcNow() ? flight.LatestDomain : stage.Domain.GetUtcNow();
                stage.Tally.Count("an incident was opened: " + type);
                stage.Require(stage.Debts.IsStuck(flight, tenant, type, now), $"{flight.Name}: an incident {type} was opened and nothing is stuck");
                _open.Add((tenant, write.Key), (Guid)row.Columns["incident"]);
                _incidents.Add((Guid)row.Columns["incident"], (flight, []));
            }
            else if (write is RowWrite.Delete)
            {
                _open.Remove((tenant, write.Key), out var id);
                var closed = writes.OfType<RowWrite.Insert>().SingleOrDefault(other => other.Key.StartsWith("closed|", StringComparison.Ordinal));
                stage.Require(closed is not null && (Guid)closed.Columns["incident"] == id, $"{flight.Name}: an incident went and was not closed");
                stage.Tally.Count("an incident was closed: " + closed?.Columns["closed_because"]);

                var (opener, tellers) = _incidents[id];
                stage.Require(tellers.Count > 0 || IsBroken(opener), $"{flight.Name}: an incident was closed and nobody was told of it");
            }
        }
    }

    public void Alerted(Alert alert)
    {
        if (alert.Code != AlertCode.IncidentOpened)
        {
            return;
        }

        var tellers = _incidents[Guid.Parse(alert.Subject)].Tellers;
        stage.Tally.Count(tellers.Count == 0 ? "an incident was told of" : "an incident was told of again");
        stage.Require(tellers.TrueForAll(IsBroken), $"{stage.Running.Name}: people were told twice of incident {alert.Subject}");
        tellers.Add(stage.Running);
    }

    /// <summary>For as long as everything went on as it could, something had failed for good: then somebody was told.</summary>
    public void RequireOpen(int tenant, long since)
    {
        foreach (var type in stage.Debts.FailedSince(tenant, since))
        {
            stage.Tally.Count("an incident was waited for");
            stage.Require(_open.Keys.Any(open => open.Tenant == tenant && open.Key.StartsWith($"open|{type}|", StringComparison.Ordinal)), $"tenant {tenant} has no incident {type}, though something is stuck");
        }
    }

    /// <summary>Whether an operation may not have kept what it did: it died, had no answer, or stands still.</summary>
    private bool IsBroken(Flight flight) => flight.IsDead || flight.Unanswered > 0 || stage.Flights.Contains(flight) || flight.WasHeld;
}
