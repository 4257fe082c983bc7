using System.Globalization;
using System.Text;
using System.Xml;

namespace Vorel.Azure.Queues;

/// <summary>The XML of the Queue service.</summary>
internal static class QueueXml
{
    private static readonly XmlReaderSettings s_reading = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    // A text may be white space alone, and a reader would take a bare carriage return for a line end.
    private static readonly XmlWriterSettings s_writing = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize,
    };

    public static BinaryData Message(string encodedText)
    {
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, s_writing))
        {
            xml.WriteStartElement("QueueMessage");
            xml.WriteElementString("MessageText", encodedText);
            xml.WriteEndElement();
        }

        return new BinaryData(body.GetBuffer().AsMemory(0, (int)body.Length));
    }

    /// <summary>The child elements of each <c>QueueMessage</c>, by name.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Messages(BinaryData content) => Items(content, "QueueMessage", out _);

    /// <summary>The queues' names and where the next page starts.</summary>
    public static IReadOnlyList<string> Names(BinaryData content, out string? next) =>
        [.. Items(content, "Queue", out next).Select(queue => queue["Name"])];

    public static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static List<IReadOnlyDictionary<string, string>> Items(BinaryData content, string element, out string? next)
    {
        var items = new List<IReadOnlyDictionary<string, string>>();
        next = null;
        using var xml = XmlReader.Create(content.ToStream(), s_reading);
        while (!xml.EOF)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Name == element)
            {
                items.Add(Item(xml));
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.Name == "NextMarker")
            {
                next = xml.ReadElementContentAsString();
            }
            else
            {
                xml.Read();
            }
        }

        return items;
    }

    private static Dictionary<string, string> Item(XmlReader xml)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var depth = xml.Depth;
        xml.Read();
        while (xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1 && xml.Name != "Metadata")
            {
                fields[xml.Name] = xml.ReadElementContentAsString();
            }
            else
            {
                xml.Skip();
            }
        }

        return fields;
    }
}
