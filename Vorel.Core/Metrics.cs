using System.Diagnostics.Metrics;

namespace Vorel.Core;

/// <summary>What is counted, for whoever listens. Tags hold kinds and codes: no tenant, whose number has no bound, and no content.</summary>
internal static class Metrics
{
    /// <summary>The name of the meter, which exporters are told.</summary>
    public const string MeterName = "Vorel";

    private static readonly Meter s_meter = new(MeterName);

    /// <summary>Rows that the retention sweep looked into, by kind and by what became of them.</summary>
    public static readonly Counter<long> SweptRows = s_meter.CreateCounter<long>(
        "vorel.retention.swept_rows", "{row}", "Rows looked into by the retention sweep, by kind and outcome.");

    /// <summary>Incidents that were opened, by type.</summary>
    public static readonly Counter<long> IncidentsOpened = s_meter.CreateCounter<long>("vorel.incidents.opened", "{incident}", "Incidents that were opened, by type.");

    /// <summary>Incidents that were closed, by type and why.</summary>
    public static readonly Counter<long> IncidentsClosed = s_meter.CreateCounter<long>("vorel.incidents.closed", "{incident}", "Incidents that were closed, by type and reason.");

    /// <summary>Tries to publish an event for the operator's own systems, by type and by whether it is held.</summary>
    public static readonly Counter<long> IntegrationEvents = s_meter.CreateCounter<long>(
        "vorel.integration.events", "{event}", "Tries to publish events for the operator's own systems, by type and outcome.");

    /// <summary>Events that the audit log could not take in time.</summary>
    public static readonly Counter<long> LostAuditEvents = s_meter.CreateCounter<long>(
        "vorel.audit.lost_events", "{event}", "Uses of credentials that could not be written down in the audit log in time.");

    /// <summary>Tables that were dropped whole, by family.</summary>
    public static readonly Counter<long> DroppedTables = s_meter.CreateCounter<long>(
        "vorel.retention.dropped_tables", "{table}", "Tables of old days and months that were dropped, by family.");

    /// <summary>Calls of CRMs that drivers made, repeats included as one, by provider and by what came of them.</summary>
    public static readonly Counter<long> CrmCalls = s_meter.CreateCounter<long>(
        "vorel.crm.calls", "{call}", "Calls of CRMs, by provider and outcome.");
}
