using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Vorel.Durable.Protocol;

namespace Vorel.LocalHost.Durable.Recording;

/// <summary>One execution of an orchestration from start to end, as a file: the history in protobuf's own JSON, one event a line.</summary>
/// <param name="Orchestrator">The orchestrator's name.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="ExecutionId">This run of it.</param>
/// <param name="Outcome">How it ended: a member of <see cref="OrchestrationStatus"/>.</param>
/// <param name="CustomStatus">The custom status at the end, or null.</param>
/// <param name="Events">The whole history.</param>
public sealed record RecordedHistory(
    string Orchestrator,
    string InstanceId,
    string ExecutionId,
    string Outcome,
    string? CustomStatus,
    IReadOnlyList<HistoryEvent> Events)
{
    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default);

    // Payloads are JSON in JSON strings; the file is read by people and never put into a page.
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, s_writing))
        {
            writer.WriteStartObject();
            writer.WriteString("orchestrator", Orchestrator);
            writer.WriteString("instance_id", InstanceId);
            writer.WriteString("execution_id", ExecutionId);
            writer.WriteString("outcome", Outcome);
            writer.WriteString("custom_status", CustomStatus);
            writer.WriteStartArray("history");
            foreach (var item in Events)
            {
                writer.WriteRawValue(s_formatter.Format(item));
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no recorded history.</exception>
    public static RecordedHistory Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new RecordedHistory(
                root.GetProperty("orchestrator").GetString()!,
                root.GetProperty("instance_id").GetString()!,
                root.GetProperty("execution_id").GetString()!,
                root.GetProperty("outcome").GetString()!,
                root.GetProperty("custom_status").GetString(),
                [.. root.GetProperty("history").EnumerateArray().Select(item => JsonParser.Default.Parse<HistoryEvent>(item.GetRawText()))]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or InvalidProtocolBufferException)
        {
            throw new FormatException("The text is no recorded history.", error);
        }
    }
}
