using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vorel.Core.Errors;

namespace Vorel.Core.Records;

/// <summary>A record's free-form attributes: stored as compact UTF-8 JSON, merged one level deep where they can change.</summary>
internal static class Attributes
{
    /// <summary>What is stored of a record without any.</summary>
    public static readonly byte[] None = "{}"u8.ToArray();

    private const int MaxBytes = 32 * 1024;
    private const int MaxDepth = 5;

    private static readonly string s_tooLarge = $"must have at most {MaxBytes} bytes, taken together with what is stored";

    // Compact and unescaped, so that the size that counts is close to the size that was sent.
    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is wrong with a change by itself, or null.</summary>
    public static string? Check(JsonElement change) =>
        DepthOf(change) > MaxDepth ? $"must have at most {MaxDepth} levels" : Write(Set(change)).Length > MaxBytes ? s_tooLarge : null;

    /// <summary>What is stored after <paramref name="change"/>: a null member deletes its key, any other replaces it, new ones go to the end.</summary>
    /// <exception cref="ValidationException">The result would be too large.</exception>
    public static byte[] Merge(ReadOnlyMemory<byte> stored, JsonElement change, string pointer)
    {
        using var before = JsonDocument.Parse(stored);
        var merged = Write(before.RootElement.EnumerateObject().Where(member => !change.TryGetProperty(member.Name, out _)).Concat(Set(change)));
        return merged.Length <= MaxBytes ? merged : throw new ValidationException(pointer, s_tooLarge);
    }

    /// <summary>What is stored of a value that nothing will change: every member as it was sent, nulls too.</summary>
    /// <exception cref="ValidationException">It is too large.</exception>
    public static byte[] Whole(JsonElement value, string pointer)
    {
        var whole = Write(value.EnumerateObject());
        return whole.Length <= MaxBytes ? whole : throw new ValidationException(pointer, s_tooLarge);
    }

    /// <summary>Whether two stored values say the same, whatever the order of their members.</summary>
    public static bool Same(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        if (left.Span.SequenceEqual(right.Span))
        {
            return true;
        }

        using var first = JsonDocument.Parse(left);
        using var second = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }

    /// <summary>What a change sets, without what it deletes.</summary>
    private static IEnumerable<JsonProperty> Set(JsonElement change) => change.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null);

    private static byte[] Write(IEnumerable<JsonProperty> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_compact))
        {
            writer.WriteStartObject();
            foreach (var member in members)
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static int DepthOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => 1 + element.EnumerateObject().Select(member => DepthOf(member.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + element.EnumerateArray().Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
