namespace Vorel.Core.Json;

/// <summary>How times look on the wire: RFC 3339, UTC, always with milliseconds.</summary>
public static class WireTime
{
    /// <summary>The text of a moment.</summary>
    public static string Format(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
