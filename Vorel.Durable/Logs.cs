using Microsoft.Extensions.Logging;

namespace Vorel.Durable;

/// <summary>The worker's log lines. Exceptions appear by type and stack, with the message that may leave the process: others may quote customer data.</summary>
internal static partial class Logs
{
    [LoggerMessage(3001, LogLevel.Error, "Orchestration {InstanceId} failed with {ErrorType}. {Stack}")]
    public static partial void OrchestrationFailed(ILogger logger, string instanceId, string? errorType, string? stack);

    [LoggerMessage(3002, LogLevel.Warning, "Orchestration {InstanceId} takes {Count} steps that its past turns did not record.")]
    public static partial void UnrecordedSteps(ILogger logger, string instanceId, int count);

    [LoggerMessage(3003, LogLevel.Error,
        "Orchestration {InstanceId} of {Orchestrator} was resumed after its turn by something outside its history; that is ignored.")]
    public static partial void LateContinuation(ILogger logger, string instanceId, string? orchestrator);

    [LoggerMessage(3004, LogLevel.Error, "An orchestrator request was refused: {Problem}")]
    public static partial void RequestRefused(ILogger logger, string problem);

    [LoggerMessage(3005, LogLevel.Error, "Orchestration {InstanceId} held its thread for longer than {Limit}.")]
    public static partial void TurnBlocked(ILogger logger, string instanceId, TimeSpan limit);

    [LoggerMessage(3006, LogLevel.Warning, "Activity {Activity} of {InstanceId} failed with {ErrorType}: {ErrorMessage} {Stack}")]
    public static partial void ActivityFailed(
        ILogger logger, string activity, string instanceId, string errorType, string errorMessage, string? stack);

    [LoggerMessage(3007, LogLevel.Error, "Activity {Activity} of {InstanceId} ignored its cancellation and was left behind.")]
    public static partial void ActivityAbandoned(ILogger logger, string activity, string instanceId);
}
