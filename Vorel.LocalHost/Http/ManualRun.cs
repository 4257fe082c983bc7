using System.Text.Json;
using Vorel.LocalHost.Invocation;
using Vorel.LocalHost.Timers;

namespace Vorel.LocalHost.Http;

/// <summary>
/// <c>POST /admin/functions/{name}</c>: runs a timer or queue function once, by hand. 202 says that it was accepted; nothing is
/// told of its result, as with the real host.
/// </summary>
internal static class ManualRun
{
    public static async Task<IResult> Handle(
        string name, HttpContext context, FunctionCatalog catalog, IFunctionInvoker invoker, IHostApplicationLifetime lifetime)
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

        if (input is null || Value(function, input.Input) is not { } value)
        {
            return Results.BadRequest();
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

    /// <summary>Null for triggers that are not run by hand: HTTP has its URL, Durable its client.</summary>
    private static BindingValue? Value(FunctionDefinition function, string? input) => function.Trigger switch
    {
        var trigger when trigger.Is("timerTrigger") => TimerEnvelope.Value(null, pastDue: false),
        var trigger when trigger.Is("queueTrigger") => BindingValue.Text(input ?? ""),
        _ => null,
    };
}
