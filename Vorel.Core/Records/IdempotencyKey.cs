using Vorel.Core.Errors;

namespace Vorel.Core.Records;

/// <summary>
/// The caller's Idempotency-Key: 1 to 200 visible ASCII characters. It counts within one tenant and one route (a PATCH's
/// route includes the record), for 24 hours.
/// </summary>
public sealed record IdempotencyKey
{
    private const int MaxLength = 200;

    private IdempotencyKey(string value) => Value = value;

    /// <summary>The key as sent.</summary>
    public string Value { get; }

    /// <summary>Reads the header; null when it was not sent.</summary>
    /// <exception cref="ValidationException">It is empty, too long or holds anything but visible ASCII.</exception>
    public static IdempotencyKey? Parse(string? header)
    {
        if (header is null)
        {
            return null;
        }

        return header.Length is > 0 and <= MaxLength && !header.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new IdempotencyKey(header)
            : throw new ValidationException("Idempotency-Key", $"must have 1 to {MaxLength} visible ASCII characters");
    }
}
