using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.LocalHost.Invocation;

/// <summary>The rules by which a trigger's metadata is put together.</summary>
internal static class TriggerMetadata
{
    /// <summary>
    /// Adds every top-level member of a JSON object payload that is not an array. A member overrides what the trigger
    /// itself had under that name, which is why no handler may trust these names.
    /// </summary>
    public static void AddPayload(IDictionary<string, BindingValue> metadata, string payload)
    {
        if (!payload.AsSpan().TrimStart().StartsWith("{"))
        {
            return;
        }

        JsonObject members;
        try
        {
            members = JsonNode.Parse(payload)!.AsObject();
            _ = members.Count;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return; // Not JSON, or a member twice: the real host gives up without an error too.
        }

        foreach (var (name, value) in members)
        {
            if (value is null or JsonArray || name.EndsWith("trigger", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            metadata[name] = value is JsonObject ? BindingValue.Json(value) : BindingValue.Text(Scalar(value));
        }
    }

    /// <summary>The object every invocation carries under <c>sys</c>.</summary>
    public static BindingValue System(string function, DateTimeOffset now, Guid random) => BindingValue.Json(new JsonObject
    {
        ["MethodName"] = function,
        ["UtcNow"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        ["RandGuid"] = random.ToString(),
    });

    private static string Scalar(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => value.ToJsonString(),
    };
}
