using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.Fakes.HubSpot;

/// <summary>Values as HubSpot writes them: every one is a text.</summary>
internal static class HubSpotValue
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static bool TryNumber(string text, out decimal number) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>A time is milliseconds since 1970, or ISO 8601 with an offset, or a day.</summary>
    public static bool TryTime(string text, out DateTimeOffset time)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999)
        {
            time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            return true;
        }

        time = default;
        return text.Length >= 10 && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    /// <summary>A member that must be a text; null if it is not there and need not be.</summary>
    public static string? Member(JsonObject from, string name, bool isNeeded = false) => from[name] switch
    {
        null when !isNeeded => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw HubSpotErrors.InvalidJson($"{name} must be a string"),
    };

    /// <summary>An id: a text, or a number.</summary>
    public static string Id(JsonNode? node) => node is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
        ? node.ToString()
        : throw HubSpotErrors.InvalidJson("id must be a string");

    /// <summary>A list of texts; empty if it is not there.</summary>
    public static string[] List(JsonObject from, string name) => from[name] switch
    {
        null => [],
        JsonArray list when list.All(item => item?.GetValueKind() == JsonValueKind.String) => [.. list.Select(item => item!.GetValue<string>())],
        _ => throw HubSpotErrors.InvalidJson($"{name} must be a list of strings"),
    };
}
