namespace Vorel.LocalHost.Clock;

/// <summary>Knows when the next Durable timer is due; the target of an advance "to next".</summary>
internal interface INextTimer
{
    /// <summary>The earliest pending Durable timer in domain time, or null where none waits.</summary>
    Task<DateTimeOffset?> Next(CancellationToken cancellationToken);
}
