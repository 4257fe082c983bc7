using System.Globalization;

namespace Vorel.LocalHost.Durable.Sidecar;

/// <summary>The header <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class GrpcDeadline
{
    public const string Header = "grpc-timeout";

    /// <summary>How long the caller waits; null where it sets no limit, or none that a timer here could reach.</summary>
    /// <exception cref="InvalidDataException">It is not such a header.</exception>
    public static TimeSpan? Of(string? header)
    {
        if (header is null)
        {
            return null;
        }

        if (header.Length is < 2 or > 9 || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            throw new InvalidDataException($"The header {Header} is malformed.");
        }

        var span = header[^1] switch
        {
            'H' => TimeSpan.FromHours(count),
            'M' => TimeSpan.FromMinutes(count),
            'S' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMilliseconds(count),
            'u' => TimeSpan.FromMicroseconds(count),
            'n' => TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick),
            _ => throw new InvalidDataException($"The header {Header} is malformed."),
        };
        return span.TotalMilliseconds <= int.MaxValue ? span : null;
    }
}
