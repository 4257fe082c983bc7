using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>Answers the host. A success is always 200 with a JSON object: after an empty one the host waits until its time-out and kills us.</summary>
internal static class EnvelopeAnswer
{
    /// <summary>The function failed. The host keeps nothing but the reason, and the trigger comes again.</summary>
    public static void Failed(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = reason;
    }

    /// <summary>The function is done. A string is handed on untouched.</summary>
    public static async Task Write(HttpContext context, string? returnValue)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartObject("Outputs");
        json.WriteEndObject();
        json.WriteStartArray("Logs");
        json.WriteEndArray();
        json.WriteString("ReturnValue", returnValue);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
