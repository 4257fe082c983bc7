using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model;

/// <summary>
/// What must be so, worked out from requests, answers and effects alone. It sees every transaction, POST and CRM call in
/// the order in which they take effect, and notes what must not have happened.
/// </summary>
internal sealed class Truth
{
    private readonly Stage _stage;

    public Truth(Stage stage)
    {
        _stage = stage;
        Writes = new WriteBook(this);
        Deliveries = new DeliveryBook(this);
        Incidents = new IncidentBook(this);
        Mirror = new MirrorBook(this);
    }

    public WriteBook Writes { get; }

    public DeliveryBook Deliveries { get; }

    public IncidentBook Incidents { get; }

    public MirrorBook Mirror { get; }

    public Tally Tally => _stage.Tally;

    public Flight Running => _stage.Running;

    /// <inheritdoc cref="Machinery.Now"/>
    public long Now => _stage.Now;

    /// <summary>Whether what takes effect now comes late: its caller has gone on.</summary>
    public bool IsLate => _stage.Gate.IsLanding;

    public DateTimeOffset Domain => _stage.Domain.GetUtcNow();

    public DateTimeOffset Real => _stage.Real.GetUtcNow();

    public void Violate(string text) => _stage.Violate(text);

    public void Require(bool holds, string text) => _stage.Require(holds, text);

    public long Next() => _stage.Next();

    /// <summary>Takes note of a transaction that took effect.</summary>
    public void Committed(Flight flight, string table, string partition, IReadOnlyList<RowWrite> writes)
    {
        if (table == "Records")
        {
            Writes.Committed(flight, Machinery.TenantOf(partition), writes);
            Mirror.Committed(writes);
        }
        else if (table == "WebhookSubscriptions")
        {
            Deliveries.SubscriptionWritten(Machinery.TenantOf(partition), writes[0]);
        }
        else if (table.StartsWith("WebhookDeliveries", StringComparison.Ordinal))
        {
            Deliveries.Written(flight, Machinery.TenantOf(partition), writes[0]);
        }
        else if (table == "Incidents")
        {
            Incidents.Committed(writes);
        }
    }

    /// <summary>What must be so when everything has come to rest.</summary>
    public void Settled()
    {
        Writes.Settled();
        Deliveries.Settled();
        Mirror.Settled();
    }
}
