using System.Collections.Frozen;

namespace Vorel.Azure.ServiceBus;

/// <summary>What a message may be. Refused here, before the service would: it answers late, and by a 400 or 403 that does not say which part it was.</summary>
/// <remarks>https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas (tier Standard)</remarks>
internal static class ServiceBusLimits
{
    /// <summary>Bytes of payload and properties together.</summary>
    public const int MaxMessageSize = 256 * 1024;

    /// <summary>Bytes of all properties.</summary>
    public const int MaxPropertiesSize = 64 * 1024;

    /// <summary>Bytes of one property.</summary>
    public const int MaxPropertySize = 32 * 1024;

    /// <summary>Characters of a message id, and of a session id.</summary>
    public const int MaxIdLength = 128;

    private const int MaxEntityLength = 260;

    // A property travels as a header of its name, so it must not be taken for one that HTTP, a proxy or the pipeline has a use for.
    private static readonly FrozenSet<string> s_headers = FrozenSet.Create(
        StringComparer.Ordinal,
        "age", "allow", "alt-svc", "alt-used", "authorization", "baggage", "brokerproperties", "cache-control", "connection", "cookie", "correlation-context", "date",
        "dnt", "etag", "expect", "expires", "forwarded", "from", "host", "http2-settings", "keep-alive", "last-modified", "link", "location", "max-forwards",
        "origin", "pragma", "priority", "range", "referer", "request-id", "retry-after", "server", "te", "traceparent", "tracestate", "trailer",
        "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "vary", "via", "warning");

    private static readonly string[] s_headerFamilies = ["accept", "access-control-", "content-", "if-", "proxy-", "sec-", "x-forwarded-", "x-ms-"];

    /// <exception cref="ArgumentException">Not the name of a queue or topic.</exception>
    public static void CheckEntity(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxEntityLength
            || !char.IsAsciiLetterOrDigit(name[0])
            || !char.IsAsciiLetterOrDigit(name[^1])
            || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_'))
        {
            throw new ArgumentException(
                "A queue or topic has 1 to 260 letters, digits, dots, hyphens and underscores, the first and the last of them a letter or a digit.", nameof(name));
        }
    }

    /// <exception cref="ServiceBusLimitException">No id, or one that is too long.</exception>
    public static void CheckIds(ServiceBusMessage message)
    {
        if (message.MessageId is not { Length: > 0 and <= MaxIdLength })
        {
            throw new ServiceBusLimitException($"A message has a MessageId of 1 to {MaxIdLength} characters.");
        }

        if (message.SessionId?.Length > MaxIdLength)
        {
            throw new ServiceBusLimitException($"A SessionId has at most {MaxIdLength} characters.");
        }
    }

    /// <exception cref="ServiceBusLimitException">Not a name that can be a header of its own.</exception>
    public static void CheckPropertyName(string name)
    {
        if (name.Length == 0
            || !char.IsAsciiLetterLower(name[0])
            || !name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '_' or '-')
            || s_headers.Contains(name)
            || Array.Exists(s_headerFamilies, family => name.StartsWith(family, StringComparison.Ordinal)))
        {
            throw new ServiceBusLimitException("The name of an application property has to be lower-case ASCII and not a header of HTTP's own.");
        }
    }

    /// <exception cref="ServiceBusLimitException">Too large; the sizes are bytes.</exception>
    public static void CheckSizes(int body, IEnumerable<int> properties)
    {
        var all = 0;
        foreach (var size in properties)
        {
            all += size <= MaxPropertySize ? size : throw new ServiceBusLimitException($"A property takes {size} bytes; the limit is {MaxPropertySize}.");
        }

        if (all > MaxPropertiesSize)
        {
            throw new ServiceBusLimitException($"The properties take {all} bytes; the limit is {MaxPropertiesSize}.");
        }

        if (body + all > MaxMessageSize)
        {
            throw new ServiceBusLimitException($"The message takes {body + all} bytes; the limit is {MaxMessageSize}.");
        }
    }
}
