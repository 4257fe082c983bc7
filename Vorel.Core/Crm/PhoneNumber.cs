namespace Vorel.Core.Crm;

/// <summary>Compares phone numbers that people have written in their own ways.</summary>
internal static class PhoneNumber
{
    private const int LeastDigits = 8;
    private const int MostDigits = 15;
    private const string Separators = " -./()\u00a0\u202f\u2010\u2011\u2013";

    /// <summary>
    /// The number in E.164, with its plus; null for what does not say its country (a plus or 00 before it), or holds anything but digits and what
    /// people put between them.
    /// </summary>
    public static string? E164(string? text)
    {
        var digits = Digits(text, out var isWhole);
        return digits is not null && isWhole && digits.Length is >= LeastDigits and <= MostDigits && digits[0] != '0' ? "+" + digits : null;
    }

    /// <summary>
    /// Whether a stored number is the same as <paramref name="e164"/>: digit for digit, country included. A number that does not say its country is
    /// only the same if it has the country's digits too: the rest alone may be somebody else's, elsewhere.
    /// </summary>
    public static bool IsSame(string? stored, string e164) => Digits(stored, out _) is { } digits && digits == e164[1..];

    private static string? Digits(string? text, out bool isWhole)
    {
        var bare = string.Concat((text ?? "").Where(letter => !Separators.Contains(letter, StringComparison.Ordinal)));
        isWhole = bare.StartsWith('+') || bare.StartsWith("00", StringComparison.Ordinal);
        var digits = bare.StartsWith('+') ? bare[1..] : isWhole ? bare[2..] : bare;
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits : null;
    }
}
