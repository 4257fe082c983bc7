using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Vorel.Durable.Payloads;

/// <summary>
/// What an activity answers: <c>{"ok":true,"value":…}</c> or <c>{"ok":false,"error":{"type","message","retriable"}}</c>. Sent as text,
/// which the host stores as a JSON string. A failure travels the same way as a success, because the host keeps nothing of an
/// error response but its status.
/// </summary>
internal static class ActivityAnswer
{
    public static string Success(string? valueJson) => Write(writer =>
    {
        writer.WriteBoolean("ok"u8, true);
        writer.WritePropertyName("value"u8);

        // Our serializer's own text: to check it again would refuse what is deeper than a reader's default.
        writer.WriteRawValue(valueJson ?? "null", skipInputValidation: true);
    });

    public static string Failure(ActivityFailure failure) => Write(writer =>
    {
        writer.WriteBoolean("ok"u8, false);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, failure.Type);
        writer.WriteString("message"u8, failure.Message);
        writer.WriteBoolean("retriable"u8, failure.Retriable);
        writer.WriteEndObject();
    });

    /// <summary>Reads an answer: the value's JSON text, or how it failed. Null when it is no answer of ours.</summary>
    /// <param name="answer">The text that the activity's call returned.</param>
    /// <param name="maximumDepth">How deep a value may be; the object around it is one level more.</param>
    public static (string? Value, TaskFailureDetails? Failure)? Read(string answer, int maximumDepth)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = maximumDepth + 1 });
            var root = document.RootElement;
            if (root.GetProperty("ok"u8).GetBoolean())
            {
                return (root.GetProperty("value"u8).GetRawText(), null);
            }

            var error = root.GetProperty("error"u8);
            return (null, new TaskFailureDetails(
                error.GetProperty("type"u8).GetString() ?? "",
                error.GetProperty("message"u8).GetString() ?? "",
                IsNonRetriable: !error.GetProperty("retriable"u8).GetBoolean()));
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = DurableJson.Encoder }))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
