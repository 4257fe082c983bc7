using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Vorel.Fakes;

/// <summary>Reads a message from a request as the page on headers and properties says; null stands for what the service answers 400 to.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/servicebus/message-headers-and-properties</remarks>
internal static class BusRequest
{
    // What a client sends for reasons of HTTP, tracing or its pipeline. Everything else is a property of the application.
    private static readonly string[] s_ofHttp =
        ["Host", "Authorization", "Content-Type", "Content-Length", "Transfer-Encoding", "Accept", "User-Agent", "BrokerProperties", "traceparent", "Request-Id"];

    private static readonly string[] s_brokerProperties = ["MessageId", "Label", "CorrelationId", "SessionId"];

    public static BusMessage? Read(IHeaderDictionary headers, byte[] body)
    {
        if (headers.ContentType.Count != 1 || headers["BrokerProperties"].Count != 1 || Broker(headers["BrokerProperties"].ToString()) is not { } broker)
        {
            return null;
        }

        var properties = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, values) in headers)
        {
            if (s_ofHttp.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (values.Count != 1 || Property(values.ToString()) is not { } value)
            {
                return null;
            }

            properties.Add(name, value);
        }

        return new BusMessage(
            broker.GetValueOrDefault("MessageId"),
            broker.GetValueOrDefault("Label"),
            broker.GetValueOrDefault("CorrelationId"),
            broker.GetValueOrDefault("SessionId"),
            headers.ContentType.ToString(),
            properties,
            body);
    }

    // Stricter than the service, which ignores what it does not know: a name that we misspell must not pass.
    private static Dictionary<string, string>? Broker(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var properties = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!s_brokerProperties.Contains(property.Name, StringComparer.Ordinal) || property.Value.ValueKind != JsonValueKind.String)
                {
                    return null;
                }

                properties.Add(property.Name, property.Value.GetString()!);
            }

            return properties.Values.Any(value => value.Length == 0) ? null : properties;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static object? Property(string text)
    {
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
        {
            var inner = text[1..^1];
            return inner.Contains('"', StringComparison.Ordinal) ? null
                : DateTimeOffset.TryParseExact(inner, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
                : inner;
        }

        return text switch
        {
            "true" => true,
            "false" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }
}
