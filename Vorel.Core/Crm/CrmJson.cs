using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vorel.Core.Crm;

/// <summary>How JSON for a CRM is written: UTF-8, so that Arabic takes two bytes a letter instead of the six of an escape.</summary>
internal static class CrmJson
{
    /// <summary>Escapes what JSON must, and little else: a body that is signed is read by a JSON parser, never put into a page.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The size on the wire, in bytes.</summary>
    public static int SizeOf(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Encoder }))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenCount;
    }
}
