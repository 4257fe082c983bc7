using System.Globalization;
using System.Text.Json.Nodes;
using Azure;
using Vorel.Azure.Tables;

namespace Vorel.Azure.Tests.Referees;

/// <summary>Rows on the way to and from a referee: each value with its type, and as text that loses nothing.</summary>
internal static class RefereeEntity
{
    private const string WriteId = "_w";

    public static JsonObject Write(TableEntity entity) => new()
    {
        ["pk"] = entity.PartitionKey,
        ["rk"] = entity.RowKey,
        ["columns"] = new JsonObject(entity.Select(column => KeyValuePair.Create(column.Key, (JsonNode?)Value(column.Value)))),
    };

    /// <summary>The row without the write id, which the referee sees as any other column.</summary>
    public static TableEntity Read(JsonNode row)
    {
        var entity = new TableEntity(row["pk"]?.GetValue<string>()!, row["rk"]?.GetValue<string>()!);
        if (row["etag"]?.GetValue<string>() is { } etag)
        {
            entity.ETag = new ETag(etag);
        }

        foreach (var (name, value) in row["columns"]!.AsObject())
        {
            if (name != WriteId)
            {
                entity[name] = Read(value![0]!.GetValue<string>(), value[1]!.GetValue<string>());
            }
        }

        return entity;
    }

    /// <summary>A value as <c>[type, text]</c>.</summary>
    public static JsonArray Value(object value) => value switch
    {
        string text => new JsonArray("String", text),
        bool flag => new JsonArray("Boolean", flag ? "true" : "false"),
        int number => new JsonArray("Int32", number.ToString(CultureInfo.InvariantCulture)),
        long number => new JsonArray("Int64", number.ToString(CultureInfo.InvariantCulture)),
        double number => new JsonArray("Double", BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture)),
        DateTimeOffset time => new JsonArray("DateTime", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)),
        Guid id => new JsonArray("Guid", id.ToString()),
        byte[] bytes => new JsonArray("Binary", Convert.ToBase64String(bytes)),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType().Name),
    };

    private static object Read(string type, string text) => type switch
    {
        "String" => text,
        "Boolean" => text == "true",
        "Int32" => int.Parse(text, CultureInfo.InvariantCulture),
        "Int64" => long.Parse(text, CultureInfo.InvariantCulture),
        "Double" => BitConverter.UInt64BitsToDouble(ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        "DateTime" => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
        "Guid" => Guid.Parse(text),
        "Binary" => Convert.FromBase64String(text),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type),
    };
}
