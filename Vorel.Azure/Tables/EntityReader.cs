using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure;

namespace Vorel.Azure.Tables;

/// <summary>Reads entities from the JSON of the Table service (minimal metadata: an annotation goes before each value that needs one).</summary>
internal sealed class EntityReader
{
    // The rows of a page share their columns' names: one string for each.
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>One entity; the keys are null if a select left them out.</summary>
    public static TableEntity ReadOne(ReadOnlyMemory<byte> json, string partitionKey, string rowKey)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        var entity = new EntityReader().ReadEntity(ref reader);
        entity.PartitionKey ??= partitionKey;
        entity.RowKey ??= rowKey;
        return entity;
    }

    /// <summary>The entities of <c>{"value":[…]}</c>.</summary>
    public static IReadOnlyList<TableEntity> ReadPage(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        var entities = new List<TableEntity>();
        var names = new EntityReader();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isValue)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                entities.Add(names.ReadEntity(ref reader));
            }
        }

        return entities;
    }

    private TableEntity ReadEntity(ref Utf8JsonReader reader)
    {
        var entity = new TableEntity(null!, null!, new Dictionary<string, object>(_names.Count, StringComparer.Ordinal));
        string? annotated = null;
        var type = string.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("odata.etag"u8))
            {
                reader.Read();
                entity.ETag = new ETag(reader.GetString()!);
                continue;
            }

            if (reader.ValueSpan.StartsWith("odata."u8))
            {
                reader.Skip();
                continue;
            }

            if (reader.ValueSpan.EndsWith("@odata.type"u8))
            {
                annotated = Name(ref reader, reader.ValueSpan[..^11]);
                reader.Read();
                type = TypeName(ref reader);
                continue;
            }

            if (annotated is not null && !reader.ValueTextEquals(annotated))
            {
                throw new JsonException("A type annotation does not stand before its value.");
            }

            var name = annotated ?? Name(ref reader, reader.ValueSpan);
            reader.Read();
            Set(entity, name, Value(ref reader, annotated is null ? string.Empty : type));
            annotated = null;
        }

        return annotated is null ? entity : throw new JsonException("A type annotation has no value.");
    }

    private static void Set(TableEntity entity, string name, object? value)
    {
        switch (name)
        {
            case "PartitionKey":
                entity.PartitionKey = (string)value!;
                break;
            case "RowKey":
                entity.RowKey = (string)value!;
                break;
            case "Timestamp":
                entity.Timestamp = value as DateTimeOffset? ?? DateTimeOffset.Parse((string)value!, CultureInfo.InvariantCulture);
                break;
            case TableLimits.WriteIdColumn:
                entity.WriteId = value as Guid?;
                break;
            default:
                entity.Add(name, value);
                break;
        }
    }

    private static object? Value(ref Utf8JsonReader reader, string type) => type switch
    {
        "Edm.Int64" => long.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
        "Edm.DateTime" => reader.GetDateTimeOffset().ToUniversalTime(),
        "Edm.Guid" => reader.GetGuid(),
        "Edm.Binary" => reader.GetBytesFromBase64(),
        "Edm.Double" => reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : Special(reader.GetString()!),
        _ => Untyped(ref reader),
    };

    private static object? Untyped(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetInt32(out var number) && !reader.ValueSpan.ContainsAny(".eE"u8) => number,
        JsonTokenType.Number => reader.GetDouble(),
        _ => throw new JsonException("A column holds neither text, a number nor a Boolean."),
    };

    private static double Special(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static string TypeName(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("Edm.Int64"u8) ? "Edm.Int64"
        : reader.ValueTextEquals("Edm.DateTime"u8) ? "Edm.DateTime"
        : reader.ValueTextEquals("Edm.Guid"u8) ? "Edm.Guid"
        : reader.ValueTextEquals("Edm.Binary"u8) ? "Edm.Binary"
        : reader.GetString()!;

    private string Name(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        if (reader.ValueIsEscaped || utf8.Length > TableLimits.MaxNameLength)
        {
            var whole = reader.GetString()!;
            return whole.EndsWith("@odata.type", StringComparison.Ordinal) ? whole[..^11] : whole;
        }

        Span<char> buffer = stackalloc char[TableLimits.MaxNameLength];
        var characters = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (!_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters, out var name))
        {
            name = characters.ToString();
            _names.Add(name);
        }

        return name;
    }
}
