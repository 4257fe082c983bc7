using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vorel.Core.Crm.Http;

/// <summary>A provider's answer, read as far as it is.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="MediaType">What the body is said to be.</param>
/// <param name="Body">The body; of an error at most the first 64 KiB.</param>
/// <param name="RetryAfter">When to come again, if the provider says so.</param>
internal sealed record CrmAnswer(int Status, string? MediaType, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter)
{
    /// <summary>Whether it did what was asked.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    private bool IsJson => MediaType is { } type
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>The body as JSON. Members that we do not know are the provider's own business; a member that comes twice is refused.</summary>
    /// <exception cref="CrmUnreadableException">It is none.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class =>
        TryRead(type) ?? throw new CrmUnreadableException(IsJson ? "it is not JSON of the documented form" : "it is not JSON");

    /// <summary>As <see cref="Read"/>; null when it is none.</summary>
    public T? TryRead<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return IsJson ? JsonSerializer.Deserialize(Body.Span, type) : null;
        }
        catch (JsonException)
        {
            // Not attached anywhere: the parser's message may quote what the provider echoed.
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(CrmAnswer);
}
