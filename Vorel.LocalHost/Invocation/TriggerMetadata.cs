using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vorel.LocalHost.Invocation.Newtonsoft;

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
            members = NewtonsoftJson.Load(payload)!.AsObject();
        }
        catch (JsonException)
        {
            return; // Not JSON: the real host gives up without an error too.
        }

        foreach (var (name, value) in members)
        {
            if (value is null or JsonArray || name.EndsWith("trigger", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            metadata[name] = value is JsonObject ? BindingValue.Json(value) : BindingValue.Text(NewtonsoftJson.Text(value));
        }
    }

    /// <summary>The object every invocation carries under <c>sys</c>.</summary>
    public static BindingValue System(string function, DateTimeOffset now, Guid random) => BindingValue.Json(new JsonObject
    {
        ["MethodName"] = function,
        ["UtcNow"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        ["RandGuid"] = random.ToString(),
    });
}
