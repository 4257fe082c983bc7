using Vorel.Core.Alerts;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Tenants;

namespace Vorel.Functions;

/// <summary>Every message this project logs. Ids are stable; values are names, ids, counts and codes.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "Ready. Functions: {Functions}; FUNCTIONS_WORKER_RUNTIME: {Runtime}; worker: {Worker}.")]
    public static partial void Ready(this ILogger log, int functions, string runtime, string worker);

    [LoggerMessage(2, LogLevel.Error, "The process that started this one is gone; stopping.")]
    public static partial void ParentGone(this ILogger log);

    [LoggerMessage(3, LogLevel.Warning, "A call that is not the host's own named the function {Function} and was refused: {Reason}.")]
    public static partial void HostCallRefused(this ILogger log, string function, string reason);

    [LoggerMessage(4, LogLevel.Error, "The function {Function} failed.")]
    public static partial void FunctionFailed(this ILogger log, string function, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "Request {RequestId} failed.")]
    public static partial void RequestFailed(this ILogger log, string requestId, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "The domain clock's address does not answer; trying again.")]
    public static partial void ClockUnreachable(this ILogger log, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "The start failed.")]
    public static partial void StartFailed(this ILogger log, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "Alert {Code} for tenant {Tenant}: {Subject}, cause {Cause}.")]
    public static partial void Alert(this ILogger log, AlertCode code, TenantId tenant, string subject, string cause);

    [LoggerMessage(9, LogLevel.Information, "Tick: {Handled} hints handled, {Failed} failed, past due {PastDue}.")]
    public static partial void Ticked(this ILogger log, int handled, int failed, bool pastDue);

    [LoggerMessage(10, LogLevel.Error, "FUNCTIONS_WORKER_RUNTIME is {Runtime}; Durable calls this handler properly only if it is custom.")]
    public static partial void WrongRuntime(this ILogger log, string runtime);

    [LoggerMessage(11, LogLevel.Error, "{Count} messages of {Queue} had been given up; they are put back and tried again in 10 minutes.")]
    public static partial void PoisonPutBack(this ILogger log, string queue, int count);

    [LoggerMessage(12, LogLevel.Information, "Retention: {Purged} rows purged, {Kept} kept, {Failed} failed; more is due: {More}.")]
    public static partial void Swept(this ILogger log, long purged, long kept, long failed, bool more);

    [LoggerMessage(13, LogLevel.Information, "Retention: {Count} tables of old days and months dropped.")]
    public static partial void TablesDropped(this ILogger log, int count);

    [LoggerMessage(20, LogLevel.Warning, "A sign-in at {Provider} was refused: {Refusal}, cause {Cause}.")]
    public static partial void SignInRefused(this ILogger log, string provider, OAuthRefusal refusal, string cause);
}
