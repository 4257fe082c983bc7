namespace Vorel.LocalHost;

/// <summary>Every line the local host logs. Ids: 1xx handler, 2xx invocations, 3xx queues, 4xx timers, 5xx clock, 6xx host.</summary>
internal static partial class Logs
{
    [LoggerMessage(100, LogLevel.Information, "Starting {Instance}, process {ProcessId}, at {Address}.")]
    public static partial void HandlerStarting(ILogger logger, string instance, int processId, Uri address);

    [LoggerMessage(101, LogLevel.Information, "The handler is ready (process {ProcessId}).")]
    public static partial void HandlerReady(ILogger logger, int processId);

    [LoggerMessage(102, LogLevel.Critical,
        "THE HANDLER ENDED WITH EXIT CODE 0 (process {ProcessId}). The Functions host never starts it again: every call fails from now on. "
        + "A handler must not exit with 0.")]
    public static partial void HandlerExitedWithZero(ILogger logger, int processId);

    [LoggerMessage(103, LogLevel.Information, "The handler asked for a restart with exit code 200 (process {ProcessId}).")]
    public static partial void HandlerAskedForRestart(ILogger logger, int processId);

    [LoggerMessage(104, LogLevel.Error, "The handler ended with exit code {Code} (process {ProcessId}). Its last errors: {Errors}")]
    public static partial void HandlerExited(ILogger logger, int processId, int code, string errors);

    [LoggerMessage(105, LogLevel.Warning, "Strike {Count} of {Limit}: {Instance} is started again.")]
    public static partial void HandlerStrike(ILogger logger, string instance, int count, int limit);

    [LoggerMessage(106, LogLevel.Error, "Initializing HttpWorker timed out: the handler (process {ProcessId}) did not answer GET / within {Limit}.")]
    public static partial void HandlerNotReady(ILogger logger, int processId, TimeSpan limit);

    [LoggerMessage(107, LogLevel.Warning, "The handler (process {ProcessId}) was killed because a function overran its time; it is started again.")]
    public static partial void HandlerKilledForTimeout(ILogger logger, int processId);

    [LoggerMessage(108, LogLevel.Information, "Every handler is stopped.")]
    public static partial void HandlersStopped(ILogger logger);

    [LoggerMessage(109, LogLevel.Error, "The host of {Instance} stops: {Reason} It is started anew in a second; the other instances go on.")]
    public static partial void InstanceStopped(ILogger logger, string instance, string reason);

    [LoggerMessage(EventId = 110, Message = "{Line}")]
    public static partial void HandlerLine(ILogger logger, LogLevel level, string line);

    [LoggerMessage(119, LogLevel.Warning, "No function is loaded: the handler is not started.")]
    public static partial void NothingToRun(ILogger logger);

    [LoggerMessage(200, LogLevel.Error, "{Function} failed ({Kind}): {Message}")]
    public static partial void InvocationFailed(ILogger logger, string function, Invocation.InvocationFailure kind, string message);

    [LoggerMessage(201, LogLevel.Critical,
        "{Function} ANSWERED {Status} WITH AN EMPTY BODY OR null. The Functions host never completes such a call: it hangs until functionTimeout "
        + "({Timeout}) and then kills the handler. Answer with a JSON object.")]
    public static partial void EmptyAnswer(ILogger logger, string function, int status, TimeSpan? timeout);

    [LoggerMessage(202, LogLevel.Information, "{Function}: {Line}")]
    public static partial void FunctionLine(ILogger logger, string function, string line);

    [LoggerMessage(203, LogLevel.Error, "{Function}: the HTTP call failed: {Message}")]
    public static partial void HttpCallFailed(ILogger logger, string function, string message);

    [LoggerMessage(204, LogLevel.Error, "{Function} is not loaded: {Reason}")]
    public static partial void FunctionNotLoaded(ILogger logger, string function, string reason);

    [LoggerMessage(205, LogLevel.Information, "{Function}: the caller left before the answer was complete.")]
    public static partial void CallerLeft(ILogger logger, string function);

    [LoggerMessage(206, LogLevel.Error, "{Function} is an orchestrator and cannot be run by hand: start it through its Durable client.")]
    public static partial void ManualRunRefused(ILogger logger, string function);

    [LoggerMessage(300, LogLevel.Error, "Queue {Queue} could not be read: {Message}")]
    public static partial void QueuePollFailed(ILogger logger, string queue, string message);

    [LoggerMessage(301, LogLevel.Error, "Message {Id} of queue {Queue} is not base64: it goes to the poison queue.")]
    public static partial void QueueMessageUndecodable(ILogger logger, string queue, string id);

    [LoggerMessage(302, LogLevel.Error, "A message of queue {Queue} has failed too often: it goes to {Poison}.")]
    public static partial void QueueMessagePoisoned(ILogger logger, string queue, string poison);

    [LoggerMessage(303, LogLevel.Error, "Message {Id} of queue {Queue} is left to its lease: {Message}")]
    public static partial void QueueMessageLeft(ILogger logger, string queue, string id, string message);

    [LoggerMessage(304, LogLevel.Warning, "Message {Id} of queue {Queue} could not be kept hidden: {Message}")]
    public static partial void QueueLeaseNotRenewed(ILogger logger, string queue, string id, string message);

    [LoggerMessage(400, LogLevel.Information, "{Function} runs past due: it was due at {Due:O}.")]
    public static partial void TimerPastDue(ILogger logger, string function, DateTimeOffset due);

    [LoggerMessage(401, LogLevel.Error, "The schedule of {Function} could not be read or stored, and is tried again: {Message}")]
    public static partial void TimerStatusUnreachable(ILogger logger, string function, string message);

    [LoggerMessage(402, LogLevel.Warning, "{Function} failed and is called again in {Wait}: retry {Retry} of {Most}.")]
    public static partial void TimerRetried(ILogger logger, string function, int retry, int most, TimeSpan wait);

    [LoggerMessage(600, LogLevel.Critical, "The local host stops: {Reason}")]
    public static partial void HostStops(ILogger logger, string reason);

    [LoggerMessage(601, LogLevel.Information, "The {Kind} are stopped.")]
    public static partial void ListenersStopped(ILogger logger, string kind);
}
