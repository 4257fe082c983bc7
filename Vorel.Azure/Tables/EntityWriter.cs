using System.Text.Json;

namespace Vorel.Azure.Tables;

/// <summary>Writes an entity as the JSON of the Table service: values with the type annotation that JSON lacks.</summary>
internal static class EntityWriter
{
    // The default encoder escapes everything beyond ASCII: the emulator's batch parser breaks at U+2028 in a body.
    public static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    private static readonly JsonEncodedText s_partitionKey = JsonEncodedText.Encode("PartitionKey");
    private static readonly JsonEncodedText s_rowKey = JsonEncodedText.Encode("RowKey");
    private static readonly JsonEncodedText s_writeId = JsonEncodedText.Encode(TableLimits.WriteIdColumn);

    public static void Write(Utf8JsonWriter json, TableEntity entity, Guid writeId)
    {
        json.WriteStartObject();
        json.WriteString(s_partitionKey, entity.PartitionKey);
        json.WriteString(s_rowKey, entity.RowKey);
        WriteType(json, TableLimits.WriteIdColumn, "Edm.Guid");
        json.WriteString(s_writeId, writeId);
        foreach (var (name, value) in entity.Columns)
        {
            Write(json, name, value);
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                WriteType(json, name, "Edm.Int64");
                json.WriteString(name, number.ToString());
                break;
            case double number:
                WriteType(json, name, "Edm.Double");
                WriteDouble(json, name, number);
                break;
            case DateTimeOffset time:
                WriteType(json, name, "Edm.DateTime");
                json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"));
                break;
            case Guid id:
                WriteType(json, name, "Edm.Guid");
                json.WriteString(name, id);
                break;
            case byte[] bytes:
                WriteType(json, name, "Edm.Binary");
                json.WriteBase64String(name, bytes);
                break;
        }
    }

    private static void WriteDouble(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteString(name, double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static void WriteType(Utf8JsonWriter json, string name, string type)
    {
        Span<char> annotation = stackalloc char[TableLimits.MaxNameLength + 11];
        name.CopyTo(annotation);
        "@odata.type".CopyTo(annotation[name.Length..]);
        json.WriteString(annotation[..(name.Length + 11)], type);
    }
}
