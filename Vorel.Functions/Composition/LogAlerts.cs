using Vorel.Core.Alerts;

namespace Vorel.Functions.Composition;

/// <summary>Alerts as log records, which is what monitoring listens to.</summary>
internal sealed class LogAlerts(ILogger<LogAlerts> log) : IAlerts
{
    public void Raise(Alert alert) => log.Alert(alert.Code, alert.Tenant, alert.Subject, alert.Cause ?? "none");
}
