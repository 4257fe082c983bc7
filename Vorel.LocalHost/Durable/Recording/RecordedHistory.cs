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
    // With ids and counts of 0, which readers would miss.
    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>The file's text.</summary>
    public string ToJson() => $$"""
        {
          "orchestrator": {{Quoted(Orchestrator)}},
          "instance_id": {{Quoted(InstanceId)}},
          "execution_id": {{Quoted(ExecutionId)}},
          "outcome": {{Quoted(Outcome)}},
          "custom_status": {{(CustomStatus is null ? "null" : Quoted(CustomStatus))}},
          "history": [
            {{string.Join(",\n    ", Events.Select(item => s_formatter.Format(item)))}}
          ]
        }

        """;

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

    // Payloads are JSON in JSON; the file is read by people and never put into a page.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
