using System.Text.Json;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Timers;

namespace Vorel.LocalHost.Http;

/// <summary>
/// <c>POST /admin/functions/{name}</c>: runs a timer, queue or activity function once, by hand. 202 says that it was accepted; nothing
/// is told of its result, as with the real host. An orchestrator is accepted too, and refused in the log alone.
/// </summary>
internal static class ManualRun
{
    public static async Task<IResult> Handle(
        string name, HttpContext context, FunctionCatalog catalog, IFunctionInvoker invoker, IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    {
        if (catalog.Find(name) is not { } function)
        {
            return Results.NotFound();
        }

        ManualInput? input;
        try
        {
            input = await JsonSerializer.DeserializeAsync(context.Request.Body, AdminJson.Default.ManualInput, context.RequestAborted);
        }
        catch (JsonException)
        {
            input = null;
        }

        if (input is null || function.Trigger.Is("httpTrigger"))
        {
            return Results.BadRequest();
        }

        if (Value(function, input.Input) is not { } value)
        {
            Logs.ManualRunRefused(loggers.CreateLogger("host"), function.Name);
            return Results.Accepted();
        }

        var metadata = new Dictionary<string, BindingValue>(StringComparer.Ordinal);
        if (function.Trigger.Is("queueTrigger"))
        {
            TriggerMetadata.AddPayload(metadata, input.Input ?? "");
        }

        var data = new Dictionary<string, BindingValue>(StringComparer.Ordinal) { [function.Trigger.Name] = value };
        _ = invoker.Invoke(function, data, metadata, lifetime.ApplicationStopping);
        return Results.Accepted();
    }

    /// <summary>Null for an orchestrator, which wants a history. An activity gets an array of one in place of the bare value.</summary>
    private static BindingValue? Value(FunctionDefinition function, string? input) => function.Trigger switch
    {
        var trigger when trigger.Is("timerTrigger") => TimerEnvelope.Value(null, pastDue: false),
        var trigger when trigger.Is("queueTrigger") => BindingValue.Text(input ?? ""),
        var trigger when trigger.Is("activityTrigger") => BindingValue.Text($"[{input}]"),
        _ => null,
    };
}
