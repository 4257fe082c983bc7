namespace Vorel.Azure.ServiceBus;

/// <summary>A message to send. Shapes are those of Azure.Messaging.ServiceBus.</summary>
/// <param name="body">The payload, sent as it is.</param>
public sealed class ServiceBusMessage(BinaryData body)
{
    /// <summary>The payload.</summary>
    public BinaryData Body { get; } = body;

    /// <summary>What duplicate detection goes by: 1 to 128 characters, the same at every repeat of one message. Required, because tries are repeated.</summary>
    public string? MessageId { get; set; }

    /// <summary>What it is about, for filters (<c>Label</c> on the wire).</summary>
    public string? Subject { get; set; }

    /// <summary>What it belongs to.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>The session, where queue or subscription has them: at most 128 characters.</summary>
    public string? SessionId { get; set; }

    /// <summary>The media type of the payload.</summary>
    public string ContentType { get; set; } = "application/octet-stream";

    /// <summary>
    /// Properties for filters. Names are <c>a-z</c>, then <c>a-z 0-9 _ -</c>, and none of HTTP's own; values are text of printable ASCII
    /// without quotation marks and backslashes, true or false, or whole numbers.
    /// </summary>
    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>(StringComparer.Ordinal);
}
