using System.Text.Json;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>
/// Reads the values of an envelope. The host sends objects as JSON and everything else as a string whose content is JSON,
/// so that a text arrives quoted twice; other hosts leave some values plain. Both forms are read.
/// </summary>
internal static class EnvelopeValue
{
    /// <summary>A value known to be text: the string inside the string, or the content as it is.</summary>
    public static string Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return value.GetRawText();
        }

        var content = value.GetString()!;
        return Parse(content) is { ValueKind: JsonValueKind.String } inner ? inner.GetString()! : content;
    }

    /// <summary>A value of any kind: the JSON inside the string, or the value as it is.</summary>
    public static JsonElement Json(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Parse(value.GetString()!) ?? value : value;

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
