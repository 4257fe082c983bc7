using System.Globalization;

namespace Vorel.Core.Webhooks.Deliveries;

/// <summary>One attempt that was made.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">When it ended, by the domain clock.</param>
/// <param name="Status">The HTTP status, or null when there was none.</param>
/// <param name="Error">Why it failed; null after a 2xx.</param>
/// <param name="Latency">How long it took.</param>
public sealed record DeliveryAttempt(int Number, DateTimeOffset At, int? Status, AttemptError? Error, TimeSpan Latency)
{
    /// <summary>The attempt as one word of a row.</summary>
    internal string Pack() => string.Join(
        ',',
        Number.ToString(CultureInfo.InvariantCulture),
        At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        Status?.ToString(CultureInfo.InvariantCulture),
        Error?.ToString(),
        ((long)Latency.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    internal static DeliveryAttempt Unpack(string text)
    {
        var parts = text.Split(',');
        return new DeliveryAttempt(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)),
            parts[2].Length == 0 ? null : int.Parse(parts[2], CultureInfo.InvariantCulture),
            parts[3].Length == 0 ? null : Enum.Parse<AttemptError>(parts[3]),
            TimeSpan.FromMilliseconds(long.Parse(parts[4], CultureInfo.InvariantCulture)));
    }
}
