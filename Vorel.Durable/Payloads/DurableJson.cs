using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vorel.Durable.Payloads;

/// <summary>Writes and reads payloads with the application's source-generated metadata. There is no fallback to reflection.</summary>
internal sealed class DurableJson
{
    // The wrapped text goes into JSON only, never into HTML: quotes as \" rather than \u0022 halve its size.
    internal static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // What the serializer takes an unset limit for.
    private const int DefaultMaximumDepth = 64;

    private readonly JsonSerializerOptions _options;

    public DurableJson(JsonSerializerOptions options)
    {
        if (options.TypeInfoResolver is null || options.TypeInfoResolverChain.Any(resolver => resolver is DefaultJsonTypeInfoResolver))
        {
            throw new ArgumentException("Durable payloads need source-generated JSON metadata, not reflection.", nameof(options));
        }

        _options = new JsonSerializerOptions(options) { WriteIndented = false };
        _options.TypeInfoResolverChain.Add(ScalarsContext.Default);
        _options.MakeReadOnly();
    }

    /// <summary>How deep a payload may be.</summary>
    public int MaximumDepth => _options.MaxDepth is 0 ? DefaultMaximumDepth : _options.MaxDepth;

    /// <summary>JSON text of a value as its own type; null stays null.</summary>
    public string? Write(object? value, string what) => value is null ? null : Write(value, value.GetType(), what);

    /// <summary>JSON text of a value as the given type; null stays null.</summary>
    public string? Write(object? value, Type type, string what)
    {
        if (value is null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Serialize(value, _options.GetTypeInfo(type));
        }
        catch (Exception failure) when (failure is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw new DurablePayloadException($"The {what} of type {type.FullName} cannot be written as JSON.", failure);
        }
    }

    /// <summary>Reads JSON text; an absent text is the type's default value.</summary>
    public object? Read(string? json, Type type, string what)
    {
        try
        {
            var value = string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize(json, _options.GetTypeInfo(type));
            return value is null && type.IsValueType && Nullable.GetUnderlyingType(type) is null
                ? throw new DurablePayloadException($"The {what} is absent, but must be a {type.FullName}.")
                : value;
        }
        catch (Exception failure) when (failure is NotSupportedException or JsonException or InvalidOperationException)
        {
            throw new DurablePayloadException($"The {what} is not JSON of type {type.FullName}.", failure);
        }
    }

    /// <summary>Puts JSON text into a JSON string, so that no one on the way re-prints its numbers and dates.</summary>
    public static string? Wrap(string? json) => json is null ? null : $"\"{JsonEncodedText.Encode(json, Encoder)}\"";

    /// <summary>Takes JSON text out of a JSON string; other JSON (a call by hand) is given back as it is.</summary>
    public static string? Unwrap(string? json, string what)
    {
        if (string.IsNullOrEmpty(json))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.String => document.RootElement.GetString(),
                JsonValueKind.Null => null,
                _ => json,
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new DurablePayloadException($"The {what} is not JSON.", failure);
        }
    }
}
