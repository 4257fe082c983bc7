using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vorel.Azure.ServiceBus;

/// <summary>A message's properties as the headers that they travel in.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/servicebus/message-headers-and-properties</remarks>
internal static class ServiceBusHeaders
{
    /// <summary>All of them, checked, by name.</summary>
    /// <exception cref="ServiceBusLimitException">A name or a value cannot travel as a header. The message repeats no value.</exception>
    public static IReadOnlyList<(string Name, string Value)> Of(ServiceBusMessage message)
    {
        ServiceBusLimits.CheckIds(message);
        var headers = new List<(string, string)> { ("Content-Type", Plain(message.ContentType, "ContentType")), ("BrokerProperties", BrokerProperties(message)) };
        foreach (var (name, value) in message.ApplicationProperties)
        {
            ServiceBusLimits.CheckPropertyName(name);
            headers.Add((name, Value(name, value)));
        }

        ServiceBusLimits.CheckSizes(message.Body.ToMemory().Length, headers.Select(header => header.Item1.Length + header.Item2.Length));
        return headers;
    }

    // Whatever is not plain ASCII the JSON writer escapes, so that any text of these is safe in a header.
    private static string BrokerProperties(ServiceBusMessage message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Write(json, "MessageId", message.MessageId);
            Write(json, "Label", message.Subject);
            Write(json, "CorrelationId", message.CorrelationId);
            Write(json, "SessionId", message.SessionId);
            json.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    // The service tells types by their looks: text is in quotation marks, true, false and numbers are not.
    private static string Value(string name, object value) => value switch
    {
        string text => $"\"{NotATime(Plain(text, name), name)}\"",
        true => "true",
        false => "false",
        int or long => ((IFormattable)value).ToString(format: null, CultureInfo.InvariantCulture),
        _ => throw new ServiceBusLimitException($"The property {name} is neither text nor true or false nor a whole number."),
    };

    private static string Plain(string text, string name) => text.Length > 0 && text.All(character => character is >= ' ' and <= '~' and not '"' and not '\\')
        ? text
        : throw new ServiceBusLimitException($"The property {name} has to be printable ASCII without quotation marks and backslashes, and not empty.");

    // Text of this form would arrive as a time.
    private static string NotATime(string text, string name) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out _)
            ? throw new ServiceBusLimitException($"The property {name} would be taken for a time.")
            : text;
}
