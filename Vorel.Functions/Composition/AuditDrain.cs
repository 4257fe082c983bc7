using Vorel.Core.Audit;

namespace Vorel.Functions.Composition;

/// <summary>Writes down what waits in the audit channel, as long as the process lives.</summary>
internal sealed class AuditDrain(AuditChannel channel) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => channel.Run(stoppingToken);
}
