using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Management;

/// <summary>An instance's status as the extension prints it. What is stored as JSON stands there as JSON, everything else as a text.</summary>
internal static class StatusBody
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="instance">The instance.</param>
    /// <param name="history">Its history, where it is to be shown.</param>
    /// <param name="withHistoryOutput">Whether the history shows results and events' contents.</param>
    public static string One(InstanceRecord instance, IEnumerable<HistoryEvent>? history, bool withHistoryOutput) =>
        Print(json => Write(json, instance, history, withHistoryOutput));

    public static string Many(IEnumerable<InstanceRecord> instances) => Print(json =>
    {
        json.WriteStartArray();
        foreach (var instance in instances)
        {
            Write(json, instance, history: null, withHistoryOutput: false);
        }

        json.WriteEndArray();
    });

    /// <summary>A stored text alone.</summary>
    public static string Payload(string? text) => Print(json => WritePayload(json, text));

    public static void WritePayload(Utf8JsonWriter json, string? text)
    {
        if (text is null)
        {
            json.WriteNullValue();
            return;
        }

        try
        {
            using var _ = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            json.WriteStringValue(text);
            return;
        }

        json.WriteRawValue(text, skipInputValidation: true);
    }

    private static void Write(Utf8JsonWriter json, InstanceRecord instance, IEnumerable<HistoryEvent>? history, bool withHistoryOutput)
    {
        json.WriteStartObject();
        json.WriteString("name", instance.Name);
        json.WriteString("instanceId", instance.InstanceId);
        json.WriteString("runtimeStatus", instance.Status.ToString());
        json.WritePropertyName("input");
        WritePayload(json, instance.Input);
        json.WritePropertyName("customStatus");
        WritePayload(json, instance.CustomStatus);
        json.WritePropertyName("output");
        WritePayload(json, instance.ShownOutput);
        json.WriteString("createdTime", Seconds(instance.CreatedAt));
        json.WriteString("lastUpdatedTime", Seconds(instance.UpdatedAt));
        if (history is not null)
        {
            json.WritePropertyName("historyEvents");
            HistoryBody.Write(json, history, withHistoryOutput);
        }

        json.WriteEndObject();
    }

    private static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Print(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
