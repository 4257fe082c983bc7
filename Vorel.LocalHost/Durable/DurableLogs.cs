namespace Vorel.LocalHost.Durable;

/// <summary>The hub's log lines. Instance ids and function names appear in them, inputs and outputs never.</summary>
internal static partial class DurableLogs
{
    [LoggerMessage(3001, LogLevel.Error, "A piece of durable work ({Work}) failed; what it concerns rests until the host starts again.")]
    public static partial void WorkFailed(ILogger logger, string work, Exception error);

    [LoggerMessage(3002, LogLevel.Warning, "The hub's storage did not answer as it should; trying again in {Pause}.")]
    public static partial void StorageAway(ILogger logger, TimeSpan pause, Exception error);

    [LoggerMessage(3003, LogLevel.Error, "Instance {InstanceId} failed for good: the answer of {Function} cannot be applied: {Reason}")]
    public static partial void TurnUnusable(ILogger logger, string instanceId, string function, string reason);

    [LoggerMessage(3004, LogLevel.Error, "Instance {InstanceId} failed for good: the call of {Function} failed: {Reason}")]
    public static partial void TurnBroken(ILogger logger, string instanceId, string function, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "A turn of instance {InstanceId} timed out in {Function} and will be played again.")]
    public static partial void TurnTimedOut(ILogger logger, string instanceId, string function);

    [LoggerMessage(3006, LogLevel.Warning, "A message of instance {InstanceId} for {Target} was dropped: there is no such instance, it has ended, or it is at another execution.")]
    public static partial void MessageDropped(ILogger logger, string instanceId, string target);

    [LoggerMessage(3007, LogLevel.Information, "Durable hub {Hub}: {Instances} instances at work, sidecar at {Address}.")]
    public static partial void Started(ILogger logger, string hub, int instances, Uri address);

    [LoggerMessage(3008, LogLevel.Error, "The sidecar's {Method} failed.")]
    public static partial void SidecarFailed(ILogger logger, string method, Exception error);

    [LoggerMessage(3009, LogLevel.Warning, "Durable work was still under way when the hub stopped; it goes on at the next start.")]
    public static partial void StoppedUnderWay(ILogger logger);

    [LoggerMessage(3010, LogLevel.Debug, "A piece of durable work ({Work}) was cut off by the stop.")]
    public static partial void WorkCutOff(ILogger logger, string work, Exception error);

    [LoggerMessage(3011, LogLevel.Warning, "An activity of instance {InstanceId} timed out in {Activity} and will be called again.")]
    public static partial void ActivityTimedOut(ILogger logger, string instanceId, string activity);

    [LoggerMessage(3012, LogLevel.Warning, "Chaos is on: --durable-chaos {Chaos} draws the same sequence again.")]
    public static partial void ChaosIsOn(ILogger logger, Chaos chaos);

    [LoggerMessage(3030, LogLevel.Warning, "The history of instance {InstanceId} could not be recorded.")]
    public static partial void HistoryNotRecorded(ILogger logger, string instanceId, Exception error);
}
