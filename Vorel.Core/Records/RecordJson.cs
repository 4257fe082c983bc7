using System.Text.Json;
using Vorel.Core.Json;

namespace Vorel.Core.Records;

/// <summary>
/// The read shape of a record: the one renderer behind GET, lists and the <c>data</c> of events. The default encoder
/// escapes everything beyond ASCII, U+2028 included, so that no consumer trips over it.
/// </summary>
public static class RecordJson
{
    /// <summary>The record as UTF-8 JSON.</summary>
    public static byte[] Write(RecordRow record) => Write(record, null);

    /// <summary>The <c>data</c> of an event: the record as GET shows it, and where the event calls it by another name, its id under that name too.</summary>
    public static byte[] WriteData(RecordRow record) => Write(record, record.Kind.EventId);

    /// <summary>Writes the record as one value.</summary>
    public static void Write(Utf8JsonWriter writer, RecordRow record) => Write(writer, record, null);

    private static byte[] Write(RecordRow record, string? idOnceMore)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, record, idOnceMore);
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, RecordRow record, string? idOnceMore)
    {
        writer.WriteStartObject();
        writer.WriteString("id", record.Id);
        if (idOnceMore is not null)
        {
            writer.WriteString(idOnceMore, record.Id);
        }

        foreach (var field in record.Kind.Fields)
        {
            var value = record.Values.GetValueOrDefault(field.Name);
            if (field.Readable && !(value is null && field.OmittedWhenNull))
            {
                writer.WritePropertyName(field.Name);
                WriteValue(writer, field, value);
            }
        }

        writer.WriteString("created_at", WireTime.Format(record.CreatedAt));
        if (record.Kind.ShowsUpdatedAt)
        {
            writer.WriteString("updated_at", WireTime.Format(record.UpdatedAt));
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, RecordField field, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case Guid id:
                writer.WriteStringValue(id);
                break;
            case DateTimeOffset moment:
                writer.WriteStringValue(WireTime.Format(moment));
                break;
            case byte[] json:
                using (var document = JsonDocument.Parse(json))
                {
                    if (document.RootElement.ValueKind != (field.Type == FieldType.Links ? JsonValueKind.Array : JsonValueKind.Object))
                    {
                        throw new InvalidDataException($"A record's {field.Name} are not what they should be.");
                    }

                    // Not written raw: stored attributes are compact, shown ones are escaped like everything else.
                    document.RootElement.WriteTo(writer);
                }

                break;
            default:
                throw new InvalidOperationException($"A record holds a value of type {value.GetType().Name}.");
        }
    }
}
