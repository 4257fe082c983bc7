using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>Makes an HTTP answer of what the envelope's answer holds for the http output: status, headers and body.</summary>
internal static class HttpEnvelopeAnswer
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>200 without a body where there is no output or no value for it; 500 where the value is not an object.</summary>
    public static async Task Write(FunctionDefinition function, InvocationResult.Success success, HttpResponse response)
    {
        if (function.Outputs.FirstOrDefault(output => output.Is("http")) is not { } output)
        {
            return;
        }

        var value = output.Name == "$return" ? success.ReturnValue : success.Outputs.GetValueOrDefault(output.Name);
        switch (value)
        {
            case null:
                return;
            case JsonObject members:
                await Write(members, response);
                return;
            default:
                response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
        }
    }

    private static async Task Write(JsonObject members, HttpResponse response)
    {
        response.StatusCode = Status(Member(members, "statusCode")) ?? Status(Member(members, "status")) ?? StatusCodes.Status200OK;
        foreach (var (name, value) in Member(members, "headers") as JsonObject ?? [])
        {
            if (value is not null)
            {
                response.Headers[name] = value.ToString();
            }
        }

        if (Member(members, "body") is { } body)
        {
            // A text goes as it is; anything else is printed anew, over several lines.
            var bytes = body.GetValueKind() == JsonValueKind.String ? Encoding.UTF8.GetBytes(body.GetValue<string>()) : Print(body);
            response.ContentLength = bytes.Length;
            await response.Body.WriteAsync(bytes, CancellationToken.None);
        }
    }

    private static byte[] Print(JsonNode body)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_indented))
        {
            body.WriteTo(writer);
        }

        return bytes.ToArray();
    }

    private static int? Status(JsonNode? value) =>
        int.TryParse(value?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 999 ? status : null;

    private static JsonNode? Member(JsonObject members, string name) =>
        members.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
