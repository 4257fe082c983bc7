using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Timers;

/// <summary>What a timer looks like inside the envelope.</summary>
internal static class TimerEnvelope
{
    /// <summary>The trigger's value; <paramref name="status"/> is null for a timer that is not monitored.</summary>
    public static BindingValue Value(TimerStatus? status, bool pastDue) => BindingValue.Json(new JsonObject
    {
        ["Schedule"] = new JsonObject { ["AdjustForDST"] = true },
        ["ScheduleStatus"] = status is null ? null : new JsonObject
        {
            ["Last"] = status.Last == default ? "0001-01-01T00:00:00" : Text(status.Last),
            ["Next"] = Text(status.Next),
            ["LastUpdated"] = Text(status.LastUpdated),
        },
        ["IsPastDue"] = pastDue,
    });

    /// <summary>What a repeated call is told of the one that failed. Of the exception the real host tells more: its stack, and what it ran in.</summary>
    public static BindingValue RetryContext(FunctionDefinition function, int retries, int most, InvocationResult.Failure failure) => BindingValue.Json(new JsonObject
    {
        ["RetryCount"] = retries,
        ["MaxRetryCount"] = most,
        ["Exception"] = new JsonObject
        {
            ["ClassName"] = "Microsoft.Azure.WebJobs.Host.FunctionInvocationException",
            ["Message"] = $"Exception while executing function: Functions.{function.Name}",
            ["InnerException"] = new JsonObject { ["Message"] = failure.Message },
        },
    });

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz");
}
